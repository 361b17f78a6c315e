/** Whether the tests may take their time: many rounds of a fault, and the real times instead of scaled ones. */

export const isLong = process.env.LONG === "1";
