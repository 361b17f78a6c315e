/** Declares the tools for the hub and the session: connected editors, and the instance that this session works on. */
import { z } from "zod";
import { span } from "../../hub-client/durations.ts";
import { WireError } from "../../protocol/errors.ts";
import type { HubStatus, InstanceInfo } from "../../protocol/hub-methods.ts";
import { isShortFor } from "../../protocol/target-names.ts";
import { godotLines, hubCommandNamed, launchNotes, runHubCommand } from "../calls/hub-commands.ts";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import { usageLines } from "../texts/usage-text.ts";

const INSTALL_HINT =
  'No Godot editor is connected. Open the project in Godot 4 with the addon enabled; `godot-hub install <project>` puts it there. Without a window: hub_use {"target":"<project folder>","launch":true}.';

export const hubTools = [
  defineTool({
    name: "hub_status",
    title: "Show connected Godot editors",
    description:
      "Shows which Godot editors and games are running and connected, which one this session works on, and its jobs. Example: {}",
    search: "which godot editors instances run, sessions, agents",
    isFirst: true,
    effects: { readOnly: true },
    params: {
      target: z.string().min(1).optional().describe("Only this instance or project."),
      verbose: z.boolean().optional().describe("Also what each agent has used."),
    },
    run: async ({ target, verbose }, call) => {
      const [status, { instances }, usage] = await Promise.all([
        call.session.hub("hub.status", {}, call.patience),
        call.session.hub("hub.list_instances", {}, call.patience),
        verbose ? usageOf(call) : undefined,
      ]);
      const shown = instances.filter((instance) => target === undefined || isNamed(instance, target));
      const { version, url, uptimeMs, clients, launches = [] } = status;
      const mine = ownInstance(instances, call);
      const lines = [
        `Hub ${version} at ${url}, up ${span(uptimeMs)}, ${clients} ${clients === 1 ? "client" : "clients"}.`,
        `This session: ${boundText(call, instances)}.`,
        ...(usage ? usageLines(usage) : []),
        ...call.session.jobs.all.map(({ line }) => `Job ${line}.`),
        ...godotLines(status, call.session),
        ...launches.map(launchLine),
        ...(shown.length > 0 ? [`Instances (${shown.length}):`] : launches.length > 0 ? [] : [INSTALL_HINT]),
        ...shown.map((instance) => `${instance.id === mine?.id ? "*" : "-"} ${instanceLine(instance)}`),
      ];
      const jobs = call.session.jobs.all.map(({ id, title, isRunning }) => ({ job: id, title, isRunning }));
      const value = { hub: status, bound: mine?.name ?? null, instances: shown, jobs, ...(usage && { usage }) };
      return result(lines.join("\n"), { result: value });
    },
  }),
  defineTool({
    name: "hub_use",
    title: "Choose or start a Godot editor",
    description:
      'Binds this session, and no other, to a Godot editor by id, name, project folder or project name; launch starts a headless one if none has the project open. Without target: the default. Example: {"target":"my-game"}',
    search: "switch open start godot editor project",
    effects: { idempotent: true },
    params: {
      target: z
        .string()
        .min(1)
        .optional()
        .describe("The editor or project to work on; with launch: the project's folder."),
      launch: z.boolean().optional().describe("Start a headless editor if there is none."),
    },
    run: async ({ target, launch }, call) => {
      if (launch) {
        const used = await useOrLaunch(target, call);
        const notes = await launchNotes(call);
        return result([`This session now works on ${instanceLine(used)}`, ...notes].join("\n"));
      }
      const instance = await call.session.use(target, call.patience);
      if (target === undefined) return result(`Back to the default: ${boundText(call, [])}.`);
      return result(
        instance ? `This session now works on ${instanceLine(instance)}` : "This session is bound to nothing.",
      );
    },
  }),
] as const;

/** An older hub does not count. */
function usageOf({ session, patience }: ToolCall) {
  return session.hub("hub.usage", {}, patience).catch(() => ({ rows: [], spared: [] }));
}

/** Binds the session to the editor that has the project open, and starts one if there is none. */
async function useOrLaunch(target: string | undefined, call: ToolCall): Promise<InstanceInfo> {
  const { binding } = call.session;
  const project = target ?? (binding?.kind === "project" ? binding.path : undefined);
  if (project === undefined) {
    throw new WireError("INVALID_PARAMS", "'target' is missing: launch needs a project's folder.", {
      hint: 'Example: {"target":"/home/me/my-game","launch":true}',
    });
  }
  const { instances } = await call.session.hub("hub.list_instances", {}, call.patience);
  const isOpen = instances.some((instance) => instance.state !== "away" && isNamed(instance, project));
  if (!isOpen) await runHubCommand(hubCommandNamed("instance.launch"), { project }, call);
  const used = await call.session.use(project, call.patience);
  if (!used) throw new Error("A hub that binds to a target names its instance.");
  return used;
}

function isNamed({ id, name, project, clientType }: InstanceInfo, target: string): boolean {
  if ([id, name, project?.path, project?.name].includes(target)) return true;
  return isShortFor(target, { name, project: (clientType !== "game" && project) || undefined });
}

/** The instance that calls without a target go to, as far as the adapter can tell. A game has its editor's project. */
function ownInstance(instances: readonly InstanceInfo[], { session }: ToolCall): InstanceInfo | undefined {
  const { chosen, binding } = session;
  const known = chosen && instances.find(({ id }) => id === chosen.id);
  if (known) return known;
  const named = chosen ? chosen.project?.path : binding?.kind === "project" ? binding.path : binding?.target;
  if (chosen && named === undefined) return undefined;
  const fitting = named === undefined ? instances : instances.filter((instance) => isNamed(instance, named));
  const editors = fitting.filter(({ clientType }) => clientType !== "game");
  const [meant, ...others] = editors.length > 0 ? editors : fitting;
  return others.length === 0 ? meant : undefined;
}

function boundText(call: ToolCall, instances: readonly InstanceInfo[]): string {
  const { chosen, binding } = call.session;
  if (chosen) {
    const own = ownInstance(instances, call);
    const { name, project } = own ?? chosen;
    if (own || !project) return `works on ${name} (hub_use)`;
    return `works on the project ${project.name}, ${project.path} (hub_use), which no connected editor has open`;
  }
  if (!binding) return "bound to no project; calls go to the only editor there is, or need a target";
  const what = binding.kind === "project" ? `the project ${binding.name}, ${binding.path}` : `'${binding.target}'`;
  return `bound to ${what} (from ${binding.from})`;
}

function launchLine({ project, pid, since, detail }: NonNullable<HubStatus["launches"]>[number]): string {
  const how = detail === undefined ? "" : `, ${detail}`;
  return `An editor is being started on ${project} (process ${pid}, for ${span(Date.now() - Date.parse(since))}${how}): calls wait for it.`;
}

function instanceLine({ name, state, detail, godotVersion, project, agents }: InstanceInfo): string {
  const used = agents.length > 0 ? `, used by ${agents.join(", ")}` : "";
  return `${name}  ${state}${detail === undefined ? "" : ` (${detail})`}  Godot ${godotVersion ?? "?"}  ${project?.path ?? ""}${used}`;
}
