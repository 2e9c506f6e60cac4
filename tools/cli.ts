/** `eureka-ai-proxy`: checks configurations, tries them, builds the image, starts a gateway. */
import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { Exit, UserError } from "./commands/exit.ts";
import { addImage } from "./commands/image.ts";
import { addStart } from "./commands/start.ts";
import { addTry } from "./commands/try.ts";
import { addValidate } from "./commands/validate.ts";

const program = new Command("eureka-ai-proxy")
  .description("Calls AI models that are registered in Eureka, through the APIs AI clients already use.")
  .version(packageJson.version)
  .exitOverride()
  .showHelpAfterError("(--help tells more)")
  .addHelpText(
    "after",
    "\nExit codes: 0 all is well, 1 something is wrong with the file, 2 it could not be done.",
  );

for (const add of [addValidate, addTry, addImage, addStart]) add(program);
for (const command of program.commands) command.exitOverride().showHelpAfterError("(--help tells more)");

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? Exit.Well : Exit.Impossible;
  } else {
    const message = error instanceof Error ? error.message : String(error);
    console.error(`Error: ${message}`);
    if (!(error instanceof UserError) && process.env.DEBUG) console.error(error);
    process.exitCode = Exit.Impossible;
  }
}
