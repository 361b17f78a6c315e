/** Tests the data of an error, and that internal errors stay private. */
import { describe, expect, it } from "vitest";
import { ERROR_CODES, errorKind, errorObjectSchema, toErrorObject, WireError } from "../../protocol/errors.ts";

describe("errors", () => {
  it("have one code a kind, and find their kind again", () => {
    expect(new Set(Object.values(ERROR_CODES)).size).toBe(Object.keys(ERROR_CODES).length);
    for (const [kind, code] of Object.entries(ERROR_CODES)) expect(errorKind(code)).toBe(kind);
    expect(errorKind(1)).toBeUndefined();
  });

  it("say whether the same request may be sent again", () => {
    const retryable = (kind: "BUSY" | "OUTCOME_UNKNOWN" | "INSTANCE_DISCONNECTED" | "INVALID_PARAMS") =>
      new WireError(kind, "x").toErrorObject().data?.retryable;
    expect([retryable("BUSY"), retryable("INSTANCE_DISCONNECTED")]).toEqual([true, true]);
    expect([retryable("OUTCOME_UNKNOWN"), retryable("INVALID_PARAMS")]).toEqual([false, false]);
  });

  it("carry their details beside kind and retryable", () => {
    const error = new WireError("TOO_LARGE", "Too large.", { size: 2, limit: 1, hint: "Ask for less." });
    expect(error.toErrorObject()).toEqual({
      code: -32021,
      message: "Too large.",
      data: { kind: "TOO_LARGE", retryable: false, size: 2, limit: 1, hint: "Ask for less." },
    });
  });

  it("keep the text of a defect from the other side", () => {
    const error = toErrorObject(new TypeError("secret of the implementation"));
    expect(error.code).toBe(ERROR_CODES.INTERNAL_ERROR);
    expect(JSON.stringify(error)).not.toContain("secret");
  });

  it("of a foreign responder are read even when their data is of another form", () => {
    const read = errorObjectSchema.parse({ code: -1, message: "x", data: "just text" });
    expect(read).toEqual({ code: -1, message: "x", data: undefined });
  });
});
