/** Writes docs/tools.md anew, and the table of bounds in docs/security.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withBounds } from "./bounds-document.ts";
import { toolsDocument } from "./tools-document.ts";

const pathOf = (document: string): string => fileURLToPath(new URL(`../docs/${document}`, import.meta.url));
const security = pathOf("security.md");

writeFileSync(pathOf("tools.md"), await toolsDocument());
writeFileSync(security, withBounds(readFileSync(security, "utf8")));
