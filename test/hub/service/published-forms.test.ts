/** The files for launchd and the Task Scheduler against the forms that their makers have published. */
import { XMLParser } from "fast-xml-parser";
import { parse as parsePropertyList } from "plist";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { serviceOn } from "../../../hub/service/platform-service.ts";

const NASTY = `a "b" 'c' <d> & e; $(f) %g% \u00e9`;
const DEFINITION = {
  program: ["/usr/bin/node", `/opt/${NASTY}/hub.js`, "run", "--service"],
  env: { GODOT: NASTY },
  home: `/home/${NASTY}`,
  stopTimeoutMs: 10_500,
  sockets: undefined,
  writable: undefined,
};
const OWNER = { homeFolder: "/home/ann", user: "PC\\O'Neil & co", env: {} };

const fileOf = (platform: NodeJS.Platform, ending: string) => {
  const file = serviceOn(platform, DEFINITION, OWNER).files.find(({ path }) => path.endsWith(ending));
  return file?.text ?? expect.fail(`no ${ending}`);
};

/** The keys that are used, with the types that launchd.plist(5) gives them; any other key is a mistake. */
const agentSchema = z.strictObject({
  Label: z.string().regex(/^[\w.-]+$/),
  ProgramArguments: z.array(z.string()).min(1),
  WorkingDirectory: z.string().startsWith("/"),
  EnvironmentVariables: z.record(z.string(), z.string()),
  RunAtLoad: z.boolean(),
  KeepAlive: z.strictObject({ SuccessfulExit: z.boolean() }),
  ThrottleInterval: z.number().int(),
  ExitTimeOut: z.number().int(),
  AbandonProcessGroup: z.boolean(),
  StandardOutPath: z.string().startsWith("/"),
  StandardErrorPath: z.string().startsWith("/"),
});

it("the launchd agent is a property list of keys that launchd knows, with their types, and words as they were", () => {
  const agent = agentSchema.parse(parsePropertyList(fileOf("darwin", ".plist")));
  expect(agent).toMatchObject({
    ProgramArguments: DEFINITION.program,
    EnvironmentVariables: DEFINITION.env,
    WorkingDirectory: DEFINITION.home,
    KeepAlive: { SuccessfulExit: false },
    ExitTimeOut: 11,
  });
});

/** `all`: each at most once, in any order; `sequence`: in this order. `?` behind a name: it may be absent. */
type Form = { readonly all: readonly string[] } | { readonly sequence: readonly string[] } | RegExp;

const DURATION = /^P(?!$)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/;
const BOOLEAN = /^(true|false|1|0)$/;
const TEXT = /^[\s\S]+$/;
/** What this task uses of the schema in [MS-TSCH], section 2.5: https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-tsch. */
const FORMS: Readonly<Record<string, Form>> = {
  Task: { all: ["RegistrationInfo?", "Triggers?", "Settings?", "Data?", "Principals?", "Actions"] },
  RegistrationInfo: {
    all: ["URI?", "SecurityDescriptor?", "Source?", "Date?", "Author?", "Version?", "Description?", "Documentation?"],
  },
  Description: TEXT,
  Triggers: { sequence: ["LogonTrigger"] },
  LogonTrigger: { sequence: ["UserId?", "Delay?"] },
  Principals: { sequence: ["Principal"] },
  Principal: { all: ["UserId?", "LogonType?", "GroupId?", "DisplayName?", "RunLevel?"] },
  UserId: TEXT,
  LogonType: /^(S4U|Password|InteractiveToken|InteractiveTokenOrPassword)$/,
  RunLevel: /^(LeastPrivilege|HighestAvailable)$/,
  Settings: {
    all: [
      "AllowStartOnDemand?",
      "RestartOnFailure?",
      "MultipleInstancesPolicy?",
      "DisallowStartIfOnBatteries?",
      "StopIfGoingOnBatteries?",
      "AllowHardTerminate?",
      "StartWhenAvailable?",
      "NetworkProfileName?",
      "RunOnlyIfNetworkAvailable?",
      "WakeToRun?",
      "Enabled?",
      "Hidden?",
      "DeleteExpiredTaskAfter?",
      "IdleSettings?",
      "NetworkSettings?",
      "ExecutionTimeLimit?",
      "Priority?",
      "RunOnlyIfIdle?",
      "UseUnifiedSchedulingEngine?",
      "DisallowStartOnRemoteAppSession?",
    ],
  },
  MultipleInstancesPolicy: /^(Parallel|Queue|IgnoreNew|StopExisting)$/,
  DisallowStartIfOnBatteries: BOOLEAN,
  StopIfGoingOnBatteries: BOOLEAN,
  Hidden: BOOLEAN,
  ExecutionTimeLimit: DURATION,
  RestartOnFailure: { all: ["Interval", "Count"] },
  Interval: DURATION,
  // An unsigned byte of 1 or more.
  Count: /^([1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/,
  Actions: { sequence: ["Exec"] },
  Exec: { all: ["Command", "Arguments?", "WorkingDirectory?"] },
  Command: TEXT,
  Arguments: TEXT,
  WorkingDirectory: TEXT,
};
const ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  "Task version": /^1\.[1-6]$/,
  "Task xmlns": /\/2004\/02\/mit\/task$/,
  "Principal id": /^\w+$/,
  "Actions Context": /^\w+$/,
};

/** One element as the parser gives it: its name with its children, its text, and attributes beside. */
type Node = Record<string, unknown> & { ":@"?: Record<string, string> };

/** Everything in which `nodes`, the children of `parent`, differ from the published form. */
function mistakes(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ":@") ?? "";
    const children = node[name] as readonly Node[];
    const form = FORMS[name];
    const attributes = Object.entries(node[":@"] ?? {}).filter(
      ([key, value]) => !ATTRIBUTES[`${name} ${key}`]?.test(value),
    );
    const own = attributes.map(([key, value]) => `${name} ${key}="${value}"`);
    if (form === undefined) return [...own, `${name} is unknown`];
    if (form instanceof RegExp) {
      const text = String(children[0]?.["#text"] ?? "");
      return form.test(text) ? own : [...own, `${name} is '${text}'`];
    }
    return [
      ...own,
      ...misplaced(
        name,
        form,
        children.map((child) => Object.keys(child)[0] ?? ""),
      ),
      ...mistakes(children),
    ];
  });
}

function misplaced(parent: string, form: Exclude<Form, RegExp>, names: readonly string[]): string[] {
  const known = "all" in form ? form.all : form.sequence;
  const plain = known.map((name) => name.replace("?", ""));
  const wrong = names.filter((name, index) => !plain.includes(name) || names.indexOf(name) !== index);
  const missing = known.filter((name) => !name.endsWith("?") && !names.includes(name));
  const places = names.map((name) => plain.indexOf(name));
  const isOrdered = "all" in form || places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
  return [...wrong, ...missing, ...(isOrdered ? [] : ["the order"])].map((what) => `${parent}: ${what}`);
}

describe("the Windows task", () => {
  const parse = (text: string): Node[] =>
    new XMLParser({
      preserveOrder: true,
      ignoreAttributes: false,
      attributeNamePrefix: "",
      parseTagValue: false,
      ignoreDeclaration: true,
      trimValues: true,
    }).parse(text.replace(/^\uFEFF/, ""));
  const text = fileOf("win32", ".xml");

  it("has the elements, values and order of the published schema", () => {
    expect(mistakes(parse(text))).toEqual([]);
    expect(text).toMatch(/<Principal id="(\w+)">[\s\S]*<Actions Context="\1">/);
  });

  it("would be found wrong with a value, an element or an order that the schema does not have", () => {
    for (const [what, instead, mistake] of [
      [/<Count>\d+</, "<Count>999<", "Count is '999'"],
      ["<Hidden>true</Hidden>", "<Hiden>true</Hiden>", "Settings: Hiden"],
      ["<Command>powershell.exe</Command>", "", "Exec: Command"],
      ["<LogonTrigger>", "<LogonTrigger><Delay>PT1M</Delay>", "LogonTrigger: the order"],
      ['version="1.4"', 'version="2.0"', 'Task version="2.0"'],
    ] as const) {
      expect(mistakes(parse(text.replace(what, instead))), mistake).toContain(mistake);
    }
  });
});
