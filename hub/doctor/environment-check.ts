/** Variables that change where hub, adapter and editors look for each other: those that only one of them has confuse most. */
import { type Check, note, ok } from "./finding.ts";

/** Variables of the environment. */
export const environmentCheck: Check = {
  name: "environment",
  examine: ({ env }) => {
    const names = Object.keys(env)
      .filter((name) => name.startsWith("GODOT_HUB_") && env[name])
      .sort();
    if (names.length === 0) return [ok("No variable GODOT_HUB_* is set: everybody uses the same defaults.")];
    return [
      note(`${names.join(", ")} ${names.length > 1 ? "are" : "is"} set here: AI clients and editors need the same.`),
    ];
  },
};
