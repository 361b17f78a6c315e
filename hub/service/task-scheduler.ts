/** The hub as a task of the Windows Task Scheduler, started when its user logs on. */
import { win32 } from "node:path";
import {
  type RunProgram,
  SERVICE_MARK,
  type ServiceDefinition,
  ServiceError,
  type ServiceOwner,
  type ServiceState,
  type SystemService,
} from "./system-service.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const TASK = "godot-mcp-hub";

/** The task, as `schtasks` manages it. @throws {ServiceError} for what only systemd can do. */
export function taskScheduler(definition: ServiceDefinition, owner: ServiceOwner): SystemService {
  if (definition.sockets) throw new ServiceError("--socket-activation needs systemd.");
  if (definition.writable) throw new ServiceError("--confine needs systemd.");
  const path = win32.join(definition.home, `${TASK}.xml`);
  // schtasks takes a document only in the encoding that it exports, UTF-16 with a byte order mark.
  const text = `\uFEFF${taskDocument(definition, owner.user)}`;
  return {
    title: "Windows scheduled task",
    files: [{ path, text, encoding: "utf16le" }],
    obsolete: [],
    installSteps: [{ argv: schtasks("/Create", "/F", "/XML", path) }, { argv: schtasks("/Run") }],
    uninstallSteps: [
      { argv: schtasks("/End"), mayFail: true },
      { argv: schtasks("/Delete", "/F"), mayFail: true },
    ],
    afterRemoval: [],
    stopsCleanly: false,
    hint: "It starts when you log on, without a window.",
    readState,
  };
}

function schtasks(verb: string, ...rest: string[]): string[] {
  return ["schtasks", verb, "/TN", TASK, ...rest];
}

function readState(run: RunProgram): ServiceState {
  // What schtasks prints is in the language of the user; the names of this enumeration are not.
  const { code, stdout } = run(powershell(`(Get-ScheduledTask -TaskName ${literal(TASK)} -ErrorAction Stop).State`));
  const state = stdout.trim();
  return { enabled: code === 0 && state !== "Disabled", running: state === "Running", pid: undefined };
}

function powershell(command: string): string[] {
  return ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", command];
}

/** Node is a console program: started by itself, the task would open a window that must not be closed. */
function hiddenCommand({ program, env }: ServiceDefinition): string {
  const variables = Object.entries(env).map(([name, value]) => `$env:${name} = ${literal(value)}; `);
  const command = `${variables.join("")}& ${program.map(literal).join(" ")}; exit $LASTEXITCODE`;
  // For Windows a quotation mark ends the argument: PowerShell's own words never need one.
  return `-NoProfile -NonInteractive -WindowStyle Hidden -Command "${command.replaceAll('"', '\\"')}"`;
}

/** A word of PowerShell in which no character means anything but itself. */
function literal(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}

function taskDocument(definition: ServiceDefinition, user: string): string {
  return [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    `  <RegistrationInfo><Description>Godot MCP hub. ${SERVICE_MARK}.</Description></RegistrationInfo>`,
    `  <Triggers><LogonTrigger><UserId>${xmlText(user)}</UserId></LogonTrigger></Triggers>`,
    '  <Principals><Principal id="Author">',
    `    <UserId>${xmlText(user)}</UserId><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel>`,
    "  </Principal></Principals>",
    "  <Settings>",
    "    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
    "    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>",
    "    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>",
    "    <Hidden>true</Hidden>",
    // Without it a task is ended after three days.
    "    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>",
    "    <RestartOnFailure><Interval>PT1M</Interval><Count>255</Count></RestartOnFailure>",
    "  </Settings>",
    '  <Actions Context="Author"><Exec>',
    "    <Command>powershell.exe</Command>",
    `    <Arguments>${xmlText(hiddenCommand(definition))}</Arguments>`,
    `    <WorkingDirectory>${xmlText(definition.home)}</WorkingDirectory>`,
    "  </Exec></Actions>",
    "</Task>",
    "",
  ].join("\r\n");
}

/** The text with every character that XML gives a meaning of its own written as an entity. */
function xmlText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
