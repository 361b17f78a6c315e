/** Animations of the AnimationPlayers of a scene. Every change is one undo step. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { ifRevision, nodePath, scene, sceneResult } from "./params.ts";

const player = nodePath.describe("The AnimationPlayer.");
const animation = z.string().min(1).max(200).describe('Name, or "library/name".');
const seconds = z.number().min(0);
const changed = z.looseObject({ path: z.string(), animation: z.string(), ...sceneResult });
const summary = z.looseObject({
  name: z.string(),
  length: z.number(),
  loop: z.string(),
  step: z.number(),
  trackCount: z.number().int(),
});

export const animationCommands = [
  readCommand("animation.list", {
    description: "AnimationPlayers of a scene, or one of them, with their animations.",
    keywords: "animation player names",
    params: { scene, path: player.optional() },
    result: z.looseObject({
      players: z.array(z.looseObject({ path: z.string(), animations: z.array(summary) })),
      ...sceneResult,
    }),
  }),
  readCommand("animation.get", {
    description: "An animation with its tracks and keys.",
    keywords: "keyframes info details get animation track list keys",
    params: { scene, path: player, animation },
    result: z.looseObject({
      ...summary.shape,
      path: z.string(),
      tracks: z.array(z.looseObject({ track: z.number().int(), type: z.string(), keys: z.array(z.looseObject({})) })),
      ...sceneResult,
    }),
  }),
  writeCommand("animation.create", {
    description: "Creates an empty animation.",
    keywords: "new clip loop fade in out tween",
    operation: "create_animation",
    params: {
      scene,
      path: player,
      animation,
      length: seconds.optional().describe("Seconds. Default 1."),
      loop: z.enum(["none", "linear", "pingpong"]).optional().describe('Default "none".'),
      step: seconds.optional().describe("Seconds between the marks that keys snap to."),
      ifRevision,
    },
    result: changed,
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("animation.add_track", {
    description: "Adds a track that moves a property of a node, or calls its methods.",
    keywords: "animate property value sprite node position rotation frames channel",
    operation: "add_track",
    params: {
      scene,
      path: player,
      animation,
      node: nodePath.describe("The node that is animated, relative to the scene root."),
      property: z.string().max(200).optional().describe('Such as "position" or "modulate:a".'),
      type: z
        .enum([
          "value",
          "position_3d",
          "rotation_3d",
          "scale_3d",
          "blend_shape",
          "method",
          "bezier",
          "audio",
          "animation",
        ])
        .optional()
        .describe('Default "value".'),
      interpolation: z.enum(["nearest", "linear", "cubic", "linear_angle", "cubic_angle"]).optional(),
      update: z.enum(["continuous", "discrete", "capture"]).optional().describe("Of a value track."),
      ifRevision,
    },
    result: z.looseObject({ ...changed.shape, track: z.number().int() }),
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("animation.set_key", {
    description:
      'Sets the key of a track at a time; one that is there is replaced. A method track takes {"method":"hide","args":[]}.',
    keywords: "keyframe insert add animate keyframes time easing",
    operation: "set_key",
    params: {
      scene,
      path: player,
      animation,
      track: z.number().int().min(0).describe("Number of the track, as animation.get shows it."),
      time: seconds.describe("Seconds."),
      value: z.unknown().describe("In the value syntax of properties."),
      transition: z.number().optional().describe("Easing to the next key. Default 1, even."),
      ifRevision,
    },
    result: z.looseObject({ ...changed.shape, track: z.number().int(), key: z.number().int(), replaced: z.boolean() }),
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("animation.remove", {
    description: "Removes a key (`track` and `time`), a track (`track`), or the whole animation.",
    keywords: "delete keyframe",
    operation: "remove_animation",
    params: {
      scene,
      path: player,
      animation,
      track: z.number().int().min(0).optional(),
      time: seconds.optional(),
      ifRevision,
    },
    result: z.looseObject({ ...changed.shape, removed: z.enum(["animation", "track", "key"]) }),
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("animation.play", {
    description:
      "Plays an animation in the editor as a preview: what it moves gets its values back with animation.stop, or when the scene is changed or saved.",
    keywords: "preview play animation test",
    params: {
      scene,
      path: player,
      animation,
      speed: z.number().optional().describe("Default 1; less than 0 is backwards."),
      start: seconds.optional().describe("Seconds from where to begin."),
    },
    result: z.looseObject({ ...changed.shape, playing: z.boolean(), length: z.number() }),
    locks: ["scene"],
  }),
  writeCommand("animation.stop", {
    description: "Ends a preview and puts back what it has moved.",
    keywords: "end",
    params: { scene, path: player },
    result: z.looseObject({ path: z.string(), playing: z.boolean(), wasPlaying: z.boolean(), ...sceneResult }),
    locks: ["scene"],
  }),
] as const;
