import { describe, expect, it } from "vitest";
import { ApiError } from "../api/client";
import type { Waiting } from "./database";
import { verdictOf } from "./verdict";

const batch = [{ event: "a" }, { event: "b" }] as Waiting[];

describe("what a failed request says of its answers", () => {
  it.each([
    ["nothing where the connection is away", new ApiError(0, "Away."), "away"],
    ["nothing where the server is busy", new ApiError(503, "Busy."), "away"],
    ["nothing where it is no answer at all", new TypeError("Failed to fetch"), "away"],
    ["that the person may not answer", new ApiError(403, "No."), "stop"],
    ["that one of them is wrong", new ApiError(400, "Wrong."), "halve"],
  ])("%s", (_, error, kind) => {
    expect(verdictOf(error, batch).kind).toBe(kind);
  });

  it("names those that are not taken", () => {
    const error = new ApiError(400, "Wrong.", { refused: ["b", "x"] });
    const events = [{ event: "b" }];
    expect(verdictOf(error, batch)).toEqual({ kind: "refused", reason: "Wrong.", events });
  });

  it("is about the one that is left, or about all that are of another grid", () => {
    const [one] = batch;
    const wrong = verdictOf(new ApiError(400, "Wrong."), one ? [one] : []);
    expect(wrong).toEqual({ kind: "refused", reason: "Wrong.", events: [one] });
    const other = verdictOf(new ApiError(409, "Cut anew."), batch);
    expect(other).toEqual({ kind: "refused", reason: "Cut anew.", events: batch });
  });

  it("asks to wait while the grid is being changed", () => {
    const error = new ApiError(409, "Being cut anew.", null, 3);
    const hold = { kind: "hold", reason: "Being cut anew.", seconds: 3 };
    expect(verdictOf(error, batch)).toEqual(hold);
  });
});
