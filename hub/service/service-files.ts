/** Writes and removes the files of a service, and touches none that it has not written. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "../../hub-client/atomic-file.ts";
import { isMissing } from "../../hub-client/node-errors.ts";
import { SERVICE_MARK, ServiceError, type ServiceFile } from "./system-service.ts";

/** True when the service of this product lies in `path`; a file of somebody else's does not count. */
export function isOwnFile(path: string): boolean {
  return textOf(path)?.includes(SERVICE_MARK) ?? false;
}

/** Writes a file in one step. @throws {ServiceError} when one of somebody else's is there. */
export function writeOwnFile({ path, text, encoding }: ServiceFile): void {
  requireOwn(path);
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(path, text, { encoding, mode: 0o644 });
}

/** Removes a file; true when there was one. @throws {ServiceError} when it is somebody else's. */
export function removeOwnFile(path: string): boolean {
  if (textOf(path) === undefined) return false;
  requireOwn(path);
  rmSync(path);
  return true;
}

function requireOwn(path: string): void {
  if (textOf(path) === undefined || isOwnFile(path)) return;
  throw new ServiceError(`${path} was not written by godot-hub: move it away, or remove it yourself.`);
}

function textOf(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? "utf16le" : "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
