/** What every service manager is told, and what it is asked: the same for systemd, launchd and the Task Scheduler. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "../../hub-client/atomic-file.ts";
import { isMissing } from "../../hub-client/node-errors.ts";

/** What the service is to run. */
export interface ServiceDefinition {
  /** The program and its arguments, each a word of its own. */
  program: readonly string[];
  /** Variables beside those that the manager gives; never a secret. */
  env: Readonly<Record<string, string>>;
  /** State directory of the hub; its working directory, too. */
  home: string;
  /** How long the hub may take to end, in ms. */
  stopTimeoutMs: number;
  /** Addresses (`host:port`) that the manager listens on, where it starts the hub at the first connection; undefined: at login. */
  sockets: readonly string[] | undefined;
  /** Folders that the hub and what it starts may write to; undefined: all that its user may. */
  writable: readonly string[] | undefined;
}

/** Whose service it is. */
export interface ServiceOwner {
  homeFolder: string;
  /** User id on Unix, name with domain on Windows. */
  user: string;
  env: NodeJS.ProcessEnv;
}

/** A file of the service. Its text carries `SERVICE_MARK`. */
interface ServiceFile {
  path: string;
  text: string;
  encoding: "utf8" | "utf16le";
}

/** Stands in every file of a service: only a file with it is replaced or removed. */
export const SERVICE_MARK = "Written by `godot-hub service install`";

/** One command for the manager. */
export interface Step {
  argv: readonly string[];
  /** Its failure means that there was nothing to do. */
  mayFail?: boolean;
  /** It is tried again for some seconds: what came before it takes effect late. */
  patient?: boolean;
}

/** What the manager says of the service. */
export interface ServiceState {
  /** It is started at login or at the first connection. */
  enabled: boolean;
  running: boolean;
  /** Process of the service; undefined when it does not run, or the manager does not tell. */
  pid: number | undefined;
}

/** How a program that was run to its end has ended; `code` undefined: it could not be started. */
export interface ProgramOutcome {
  code: number | undefined;
  stdout: string;
  stderr: string;
}
/** Runs a program to its end, given its name and arguments. */
export type RunProgram = (argv: readonly string[]) => ProgramOutcome;

/** The hub as a service of one system: all that is to be done there for one definition. */
export interface SystemService {
  /** As people know it. */
  readonly title: string;
  readonly files: readonly ServiceFile[];
  /** Files of the service that this definition does not need, but another one may have left. */
  readonly obsolete: readonly string[];
  /** After the files are written. Repeating them changes nothing. */
  readonly installSteps: readonly Step[];
  /** Before the files are removed, and after. */
  readonly uninstallSteps: readonly Step[];
  readonly afterRemoval: readonly Step[];
  /** It ends the hub with a signal that lets commands finish; if not, the hub is asked to end before. */
  readonly stopsCleanly: boolean;
  /** What the user may want to know after an installation. */
  readonly hint: string;
  readState(run: RunProgram): ServiceState;
}

/** A definition that a manager can't carry out. The message says which can. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
}

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
