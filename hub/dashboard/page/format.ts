/** Figures as people read them. */

/** `0`, `3.5`, `1,240`: how many a second. */
export function perSecond(count: number, periodMs: number): string {
  const rate = periodMs > 0 ? (count * 1_000) / periodMs : 0;
  if (rate === 0) return "0";
  return rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en-US");
}

/** The time of day of an ISO 8601 text, by this machine's clock. */
export function timeOfDay(iso: string): string {
  const date = new Date(iso);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** How many there are: "1 editor", "2 editors". */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

/** How many are shown: "9", or "2 of 9". */
export function shareText(shown: number, all: number): string {
  return shown === all ? String(all) : `${shown} of ${all}`;
}
