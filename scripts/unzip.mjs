/** Unpacks a zip archive: as much of the format as release archives use (stored or deflated entries, no encryption, no zip64). */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { inflateRawSync } from "node:zlib";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;
const STORED = 0;
const DEFLATED = 8;

/**
 * Writes every file of `archive` below `folder`, with its executable bit.
 * @param {Buffer} archive
 * @param {string} folder
 */
export async function unzip(archive, folder) {
  for (const entry of entriesOf(archive)) {
    const path = resolve(folder, entry.name);
    if (!path.startsWith(resolve(folder) + sep))
      throw new Error(`the archive has a file outside itself: ${entry.name}`);
    if (entry.name.endsWith("/")) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contentOf(archive, entry), { mode: entry.mode & 0o111 ? 0o755 : 0o644 });
  }
}

function entriesOf(archive) {
  const end = endOfDirectory(archive);
  const count = archive.readUInt16LE(end + 10);
  const entries = [];
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error("the archive's directory is damaged");
    const nameLength = archive.readUInt16LE(at + 28);
    entries.push({
      name: archive.toString("utf8", at + ENTRY_SIZE, at + ENTRY_SIZE + nameLength),
      method: archive.readUInt16LE(at + 10),
      size: archive.readUInt32LE(at + 20),
      mode: archive.readUInt16LE(at + 40),
      offset: archive.readUInt32LE(at + 42),
    });
    at += ENTRY_SIZE + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

function endOfDirectory(archive) {
  for (let at = archive.length - END_SIZE; at >= 0; at -= 1) {
    if (archive.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw new Error("this is no zip archive");
}

function contentOf(archive, { name, method, size, offset }) {
  const start = offset + LOCAL_SIZE + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  const bytes = archive.subarray(start, start + size);
  if (method === STORED) return bytes;
  if (method === DEFLATED) return inflateRawSync(bytes);
  throw new Error(`${name} is packed with method ${method}, which is not supported`);
}
