import { describe, expect, it } from "vitest";
import { ApiError, cookie, errorSentence } from "./client";

describe("errors", () => {
  it("are the server's own sentence", () => {
    expect(errorSentence(400, { detail: "a.txt: not an image." })).toBe("a.txt: not an image.");
  });

  it("say it once when the body says it twice", () => {
    const body = { detail: "Not an image.", file: ["Not an image."] };
    expect(errorSentence(400, body)).toBe("Not an image.");
  });

  it("name the field they are about", () => {
    expect(errorSentence(400, { epochs: ["Too many."], non_field_errors: ["No."] })).toBe(
      "epochs: Too many. No.",
    );
  });

  it("say what to do where nobody is signed in any more", () => {
    const body = { detail: "Authentication credentials were not provided." };
    expect(errorSentence(401, body)).toBe("You are signed out. Sign in again.");
  });

  it("are a sentence even when the server sent a page or nothing", () => {
    expect(errorSentence(502, null)).toContain("502");
    expect(errorSentence(0, null)).toContain("connection");
  });

  it("pass by themselves when the server is away or busy, not when it refuses", () => {
    expect([0, 429, 500, 503].map((status) => new ApiError(status, "").passing)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([400, 403, 404, 409].some((status) => new ApiError(status, "").passing)).toBe(false);
  });
});

it("finds a cookie among others", () => {
  expect(cookie("csrftoken", "a=1; csrftoken=x%3Dy; b=2")).toBe("x=y");
  expect(cookie("csrftoken", "xcsrftoken=1")).toBe("");
});
