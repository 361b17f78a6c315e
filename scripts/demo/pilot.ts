/** Steers the player through the game: looks where it is, decides on the next input, and looks again. */
import { HALF_PLAYER, PIXELS_A_FRAME, PLATFORMS, type Platform } from "./lantern-run.ts";
import type { Transcript } from "./transcript.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

type Direction = "ui_left" | "ui_right";

/** The limit on decisions; no run needs more. */
const MAX_STEPS = 150;
/** Longest walk between two looks, in frames. */
const LONGEST_WALK = 25;
/** How near is near enough, in pixels. */
const NEAR = 8;
/** Distance from an edge at which one leaps, and behind the next one at which one lands. */
const TAKE_OFF = 14;
const LANDING = 30;
/** Frames until a jump on the spot is over. */
const JUMP = 64;

export class Pilot {
  readonly #agent: Transcript;
  readonly #root: string;

  /** @param root Name of the game's root node. */
  constructor(agent: Transcript, root: string) {
    this.#agent = agent;
    this.#root = root;
  }

  /**
   * Plays until no star is left and the door is reached.
   * @param onStar Gets the number of stars left, each time it falls.
   */
  async play(onStar: (left: number) => Promise<void>): Promise<void> {
    let left = Number.POSITIVE_INFINITY;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const stars = await this.#find({ group: "stars" });
      if (stars.length < left) {
        left = stars.length;
        await onStar(left);
      }
      const me = await this.#position();
      const goal = nearest(me, stars.length > 0 ? stars : await this.#find({ name: "Door" }));
      if (stars.length === 0 && Math.abs(goal.x - me.x) < NEAR) return;
      const { why, input } = decide(me, goal);
      this.#agent.say(`${aim(stars.length, me, goal)} ${why}`);
      await this.#input(input);
    }
    throw new Error(`The goal is not reached after ${MAX_STEPS} steps.`);
  }

  async #find(what: object): Promise<Point[]> {
    return pointsIn(await this.#agent.call("game_inspect", { what: "find", ...what }), "position");
  }

  async #position(): Promise<Point> {
    const args = { what: "properties", path: `${this.#root}/Player`, names: ["position"] };
    const [point] = pointsIn(await this.#agent.call("game_inspect", args), "position");
    if (!point) throw new Error("The player's position is not in the answer.");
    return point;
  }

  async #input(events: object[]): Promise<void> {
    await this.#agent.call("game_control", { action: "input", events });
  }
}

/** The next input, and the reason in words. */
interface Decision {
  readonly why: string;
  readonly input: object[];
}

/** Where the goal is, in words. */
function aim(stars: number, me: Point, goal: Point): string {
  const what =
    stars === 0
      ? "No star is left; the door is"
      : stars === 1
        ? "The last star is"
        : `The nearest of ${stars} stars is`;
  const distance = Math.round(Math.abs(goal.x - me.x));
  return distance < NEAR
    ? `${what} right here.`
    : `${what} ${distance} pixels to the ${goal.x > me.x ? "right" : "left"}.`;
}

/** The input that moves the player from `me` towards `goal`. */
function decide(me: Point, goal: Point): Decision {
  const ground = PLATFORMS.find((platform) => isOn(platform, me));
  if (!ground) return { why: "In the air nothing is decided.", input: [{ type: "wait", frames: 6 }] };
  const distance = goal.x - me.x;
  const direction = distance > 0 ? "ui_right" : "ui_left";
  if (Math.abs(distance) < NEAR) return { why: "A jump reaches it.", input: jump() };
  const walksTo = (pixels: number, why: string): Decision => ({ why, input: walk(direction, pixels) });
  if (goal.x > ground.left && goal.x < ground.right) return walksTo(Math.abs(distance), "It can be walked to.");
  const toEdge = direction === "ui_right" ? ground.right - TAKE_OFF - me.x : me.x - ground.left - TAKE_OFF;
  if (toEdge > NEAR) return walksTo(toEdge, "First to the edge.");
  return { why: "A leap over the gap.", input: leap(direction, me, ground) };
}

function jump(): object[] {
  return [
    { type: "action", action: "ui_accept" },
    { type: "wait", frames: JUMP },
  ];
}

function walk(action: Direction, pixels: number): object[] {
  const frames = Math.max(1, Math.min(LONGEST_WALK, Math.round(pixels / PIXELS_A_FRAME)));
  return [{ type: "action", action, frames }];
}

/** Holds the direction while the player flies to the next platform. */
function leap(action: Direction, me: Point, ground: Platform): object[] {
  const next = PLATFORMS[PLATFORMS.indexOf(ground) + (action === "ui_right" ? 1 : -1)];
  if (!next) throw new Error("There is no platform to leap to.");
  const landing = action === "ui_right" ? next.left + LANDING : next.right - LANDING;
  const frames = Math.ceil(Math.abs(landing - me.x) / PIXELS_A_FRAME);
  return [
    { type: "action", action, pressed: true },
    { type: "action", action: "ui_accept", frames: 2 },
    { type: "wait", frames: frames - 2 },
    { type: "action", action, pressed: false },
  ];
}

function isOn({ left, right, top }: Platform, { x, y }: Point): boolean {
  const isBeside = x < left - HALF_PLAYER.x || x > right + HALF_PLAYER.x;
  return !isBeside && Math.abs(y - (top - HALF_PLAYER.y)) < 3;
}

function nearest(me: Point, points: readonly Point[]): Point {
  const [first] = points.toSorted((a, b) => Math.abs(a.x - me.x) - Math.abs(b.x - me.x));
  if (!first) throw new Error("There is nothing to go to.");
  return first;
}

/** The vectors that a text gives for `name`. */
function pointsIn(text: string, name: string): Point[] {
  const found = text.matchAll(new RegExp(`\\b${name}[=:] ?Vector2\\((-?[\\d.]+), (-?[\\d.]+)\\)`, "g"));
  return [...found].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
}
