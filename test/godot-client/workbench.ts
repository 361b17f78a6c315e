/** Sets up the tests of the addon: a stub hub and a real editor that is connected to it. */
import { GodotEditor } from "../support/godot-editor.ts";
import { type Asking, CommandError, StubHub } from "../support/stub-hub.ts";

export type Params = Record<string, unknown>;

export interface Workbench {
  readonly hub: StubHub;
  readonly editor: GodotEditor;
  /** Runs a command and gives its result. */
  readonly call: StubHub["call"];
  /** Runs a command that must fail and gives its error: kind, message and the members of `data`. */
  readonly fails: (
    method: string,
    params?: Params,
    asking?: Asking,
  ) => Promise<Params & { kind: string; message: string }>;
  readonly dispose: () => Promise<void>;
}

/** Starts both; `files` are written into the project first, `addons` (their plugin.cfg) enabled beside the sample's own. */
export async function openWorkbench(
  files: Record<string, string> = {},
  addons: readonly string[] = [],
): Promise<Workbench> {
  const hub = await StubHub.start();
  const editor = GodotEditor.start({ env: hub.env, files, addons });
  await hub.editor();
  await hub.settled();
  return {
    hub,
    editor,
    call: (method, params, asking) => hub.call(method, params, asking),
    fails: (method, params, asking) => failure(hub, method, params, asking),
    dispose: async () => {
      await editor.dispose();
      await hub.stop();
    },
  };
}

async function failure(hub: StubHub, method: string, params?: Params, asking?: Asking) {
  const result = await hub.call(method, params, asking).catch((error: unknown) => error);
  if (!(result instanceof CommandError)) throw new Error(`${method} did not fail: ${JSON.stringify(result)}`);
  return { ...result.error.data, kind: result.kind ?? "", message: result.message };
}
