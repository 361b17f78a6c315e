/** Writes docs/tools.md anew. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toolsDocument } from "./tools-document.ts";

writeFileSync(fileURLToPath(new URL("../docs/tools.md", import.meta.url)), await toolsDocument());
