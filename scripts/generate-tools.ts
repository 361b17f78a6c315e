/** Writes docs/tools.md anew, the table of bounds in docs/security.md, and the diagram of rooms in docs/architecture.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withBounds } from "./bounds-document.ts";
import { withRooms } from "./hub-rooms.ts";
import { toolsDocument } from "./tools-document.ts";

const pathOf = (document: string): string => fileURLToPath(new URL(`../docs/${document}`, import.meta.url));

writeFileSync(pathOf("tools.md"), await toolsDocument());
for (const [document, renewed] of [
  ["security.md", withBounds],
  ["architecture.md", withRooms],
] as const) {
  const path = pathOf(document);
  writeFileSync(path, renewed(readFileSync(path, "utf8")));
}
