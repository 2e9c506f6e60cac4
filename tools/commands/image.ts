/** `image REF`: builds the image and pushes it to a registry. */
import type { Command } from "commander";
import { pushImage } from "../image/push.ts";

export function addImage(program: Command): void {
  program
    .command("image")
    .summary("Builds and pushes the OCI image")
    .description(
      "Builds the plugin's OCI image and pushes it, without Docker. Credentials are those of `docker login`\n" +
        "(~/.docker/config.json or DOCKER_CONFIG); registries on localhost are spoken to in plain HTTP.",
    )
    .argument("<reference>", "such as registry.example.com/plugins/eureka-ai-proxy:0.1.0")
    .option("--higress", "the build that uses what only Higress has, and that plain Envoy does not load")
    .option("--insecure", "plain HTTP, or a certificate that is not trusted")
    .action(async (reference: string, { insecure, higress }: { insecure?: boolean; higress?: boolean }) => {
      const digest = await pushImage({ reference, insecure, forHigress: higress, onProgress: say });
      const [name] = reference.split("@");
      console.log(`\nurl: oci://${name}\nsha256: ${digest.replace("sha256:", "")}`);
    });
}

function say(line: string): void {
  console.error(line);
}
