/** Checks that a change of a scene can be undone to the letter and done again. */
import { expect } from "vitest";
import type { Params, Workbench } from "./workbench.ts";

/** Text of an open scene as the editor saves it now. */
export async function savedText(bench: Workbench, scene: string): Promise<string> {
  await bench.call("scene.save", { scene });
  return bench.editor.read(scene.replace("res://", ""));
}

/** Runs a change of `scene`; undo must restore the file to the letter, and redo give the changed one again. */
export async function undoably(bench: Workbench, scene: string, method: string, params: Params): Promise<Params> {
  const before = await savedText(bench, scene);
  const result = await bench.call(method, { scene, ...params });
  const after = await savedText(bench, scene);
  expect(after).not.toBe(before);
  await bench.call("editor.undo", { scene });
  expect(await savedText(bench, scene)).toBe(before);
  await bench.call("editor.redo", { scene });
  expect(await savedText(bench, scene)).toBe(after);
  return result;
}
