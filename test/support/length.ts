/** Says whether tests may run long: many rounds of a fault, and real times instead of scaled ones. */

export const isLong = process.env.LONG === "1";
