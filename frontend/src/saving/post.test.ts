import { afterEach, describe, expect, it, vi } from "vitest";
import { postAnswers } from "./post";

const batch = { answers: [], grid: null, clock: "2026-01-01T00:00:00Z" } as never;

function reply(body: string): void {
  vi.stubGlobal("document", { cookie: "", querySelector: () => null });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status: 200 })));
}

afterEach(() => vi.unstubAllGlobals());

describe("postAnswers", () => {
  it("is done when the server says when it took them", async () => {
    reply('{"changed": 1, "now": "2026-01-01T00:00:01Z"}');
    await expect(postAnswers(1, 7, batch, false)).resolves.toMatchObject({ changed: 1 });
  });

  it.each(["", '{"changed": 1', "{}"])("fails for now when the reply is cut: %j", async (body) => {
    reply(body);
    await expect(postAnswers(1, 7, batch, false)).rejects.toMatchObject({ passing: true });
  });
});
