/** Figures as people read them. */

/** `0.42 ms`, `12 ms`, `1.3 s`; a dash where nothing was measured. */
export function milliseconds(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** `0`, `3.5`, `1,240`: how many a second. */
export function perSecond(count: number, periodMs: number): string {
  const rate = periodMs > 0 ? (count * 1_000) / periodMs : 0;
  if (rate === 0) return "0";
  return rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en-US");
}

/** `6 s`, `5 min`, `4 h 5 min`, `3 d`: how long ago, or until when. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d`;
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
