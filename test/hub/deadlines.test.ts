/** One timer for all deadlines: each is called at its time, and none that has ended. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deadlines } from "../../hub/scheduling/pending-table.ts";

interface Request {
  readonly name: string;
  readonly deadlineAt: number;
}

describe("deadlines", () => {
  const pending = new Set<Request>();
  const reached: string[] = [];
  let deadlines: Deadlines<Request>;
  beforeEach(() => {
    vi.useFakeTimers();
    pending.clear();
    reached.length = 0;
    deadlines = new Deadlines(pending, (request) => {
      pending.delete(request);
      reached.push(request.name);
    });
  });
  afterEach(() => {
    deadlines.dispose();
    vi.useRealTimers();
  });

  const watch = (name: string, ms: number): Request => {
    const request = { name, deadlineAt: performance.now() + ms };
    pending.add(request);
    deadlines.watch(request);
    return request;
  };

  it("are reached in their order, whatever the order in which they were set", () => {
    watch("last", 300);
    watch("first", 100);
    watch("second", 200);
    vi.advanceTimersByTime(99);
    expect(reached).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(reached).toEqual(["first"]);
    vi.advanceTimersByTime(99);
    expect(reached).toEqual(["first"]);
    vi.advanceTimersByTime(101);
    expect(reached).toEqual(["first", "second", "last"]);
  });

  it("are not reached by what has ended before", () => {
    const answered = watch("answered", 100);
    watch("left", 200);
    pending.delete(answered);
    vi.advanceTimersByTime(1_000);
    expect(reached).toEqual(["left"]);
  });

  it("are kept again after a while in which nothing was pending", () => {
    pending.delete(watch("answered", 100));
    vi.advanceTimersByTime(1_000);
    expect(vi.getTimerCount()).toBe(0);
    watch("later", 100);
    vi.advanceTimersByTime(100);
    expect(reached).toEqual(["later"]);
  });

  it("use one timer, and none after the end", () => {
    for (let ms = 100; ms > 0; ms -= 1) watch(`in ${ms} ms`, ms);
    expect(vi.getTimerCount()).toBe(1);
    deadlines.dispose();
    vi.advanceTimersByTime(1_000);
    expect(reached).toEqual([]);
  });
});
