/** Measures a page's main thread from the browser's trace: the length of its tasks, and layouts that scripts force in between. */
import type { Page } from "puppeteer-core";
import { z } from "zod";

/** Categories with tasks, scripts and layouts. */
const CATEGORIES = ["toplevel", "cc", "devtools.timeline", "disabled-by-default-devtools.timeline"];
/** What the browser calls the thread that runs a page. */
const MAIN_THREAD = "CrRendererMain";
const TASK = "ThreadControllerImpl::RunTask";
const FRAME = "ProxyMain::BeginMainFrame";

const eventSchema = z.looseObject({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  ts: z.number().default(0),
  dur: z.number().default(0),
  tdur: z.number().default(0),
  args: z.looseObject({ name: z.unknown().optional() }).optional(),
});
type TraceEvent = z.infer<typeof eventSchema>;
const traceSchema = z.looseObject({ traceEvents: z.array(eventSchema) });

/** Times in ms: of the processor, so that what else the machine does is not in them, and by the clock. */
export interface PageWork {
  /** Processor time of each task, longest first. */
  readonly tasks: readonly number[];
  /** The same by the clock. */
  readonly taskSpans: readonly number[];
  /** Processor time of each frame that was drawn, longest first. */
  readonly frames: readonly number[];
  /** Layouts that a script had to wait for. */
  readonly forcedLayouts: number;
}

/** Watches the page's main thread while `action` runs. */
export async function pageWork(page: Page, action: () => Promise<void>): Promise<PageWork> {
  await page.tracing.start({ categories: CATEGORIES });
  await action();
  const trace = traceSchema.parse(JSON.parse(new TextDecoder().decode(await page.tracing.stop())));
  const events = mainThreadEvents(trace.traceEvents);
  const durations = (name: string, of: (event: TraceEvent) => number) =>
    events
      .filter((event) => event.name === name)
      .map((event) => of(event) / 1_000)
      .toSorted((a, b) => b - a);
  return {
    tasks: durations(TASK, ({ tdur }) => tdur),
    taskSpans: durations(TASK, ({ dur }) => dur),
    frames: durations(FRAME, ({ tdur }) => tdur),
    forcedLayouts: forcedLayouts(events),
  };
}

/** Events of the main thread that has laid out most: the page's, where the browser has others. */
function mainThreadEvents(events: readonly TraceEvent[]): TraceEvent[] {
  const threads = events.filter(({ name, args }) => name === "thread_name" && args?.name === MAIN_THREAD);
  const byThread = threads.map((thread) =>
    events.filter(({ pid, tid, ph }) => ph === "X" && pid === thread.pid && tid === thread.tid),
  );
  const layouts = (own: readonly TraceEvent[]) => own.filter(({ name }) => name === "Layout").length;
  return byThread.toSorted((a, b) => layouts(b) - layouts(a))[0] ?? [];
}

function forcedLayouts(events: readonly TraceEvent[]): number {
  const scripts = events.filter(({ name }) => name === "FunctionCall");
  const isInside = ({ ts, dur }: TraceEvent) =>
    scripts.some((script) => script.ts <= ts && ts + dur <= script.ts + script.dur);
  return events.filter((event) => event.name === "Layout" && isInside(event)).length;
}
