/** TCP ports on 127.0.0.1. */
import { createServer } from "node:net";

/** A port that is free now, for programs that cannot be asked which port they took. */
export function freePort(): Promise<number> {
  return claim(0);
}

/** Whether nothing listens on `port` of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return claim(port).then(
    () => true,
    () => false,
  );
}

function claim(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const taken = typeof address === "object" && address ? address.port : port;
      server.close(() => resolve(taken));
    });
  });
}
