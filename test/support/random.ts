/** Randomness of the tests: one seed for a whole run, printed where it begins. `TEST_SEED=<seed>` repeats a run. */
import fc from "fast-check";

/** Numbers from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** The seed of this run; 1 outside the test runner. */
export const SEED = Number(process.env.TEST_SEED ?? 1);
fc.configureGlobal({ seed: SEED });

/** fast-check with the seed of this run. */
export { fc };

/** Random numbers, the same for the same seed (mulberry32). */
export function seeded(seed: number = SEED): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
