/** `npm run package [-- <folder>]`: makes every package that is published, in `packages/`. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { makePackages } from "./packages.ts";

for (const path of await makePackages(resolve(process.argv[2] ?? "packages"))) {
  console.log(`${path} (${Math.ceil(statSync(path).size / 1024)} KiB)`);
}
