import { describe, expect, it } from "vitest";
import { GALLERY_KEYS } from "../gallery/commands";
import { chord, Keymap, spoken } from "./keymap";

const press = (
  key: string,
  held: Partial<Record<"ctrl" | "meta" | "shift" | "alt", true>> = {},
) => ({
  key,
  ctrlKey: held.ctrl ?? false,
  metaKey: held.meta ?? false,
  shiftKey: held.shift ?? false,
  altKey: held.alt ?? false,
});

describe("keys", () => {
  it("have one name whatever the case, and signs need no Shift", () => {
    expect(chord(press("y"))).toBe("Y");
    expect(chord(press("Y", { shift: true }))).toBe("Y");
    expect(chord(press("?", { shift: true }))).toBe("?");
    expect(chord(press("z", { ctrl: true, shift: true }))).toBe("Ctrl+Shift+Z");
    expect(chord(press("z", { meta: true }))).toBe("Ctrl+Z");
    expect(chord(press("ArrowUp", { shift: true }))).toBe("Shift+ArrowUp");
    expect(chord(press(" "))).toBe("Space");
    expect(chord(press("Shift", { shift: true }))).toBeNull();
  });

  it("are read as people write them", () => {
    expect(spoken("Shift+ArrowUp")).toBe("Shift + ↑");
  });

  it("never mean two things in the gallery", () => {
    const all = Object.values(GALLERY_KEYS).flatMap(({ keys }) => keys);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("a keymap", () => {
  const bindings = {
    yes: { does: "Yes", keys: ["1", "Y"] },
    no: { does: "No", keys: ["2", "N"] },
  };

  it("puts a person's own key in place of the usual one and keeps the alias", () => {
    const keymap = new Keymap(bindings, { yes: "J", unknown: "K" });
    expect(keymap.command(press("j"))).toBe("yes");
    expect(keymap.command(press("1"))).toBeNull();
    expect(keymap.command(press("y"))).toBe("yes");
    expect(keymap.own).toEqual({ yes: "J", unknown: "K" });
  });

  it("keeps what was chosen for other screens, unless a shared command takes its key", () => {
    const keymap = new Keymap(bindings, { alike: "J", "review:next": "J" });
    keymap.assign("yes", "J");
    expect(keymap.own).toEqual({ yes: "J", "review:next": "J" });
  });

  it("tells whose key it is, and takes it from there", () => {
    const keymap = new Keymap(bindings);
    expect(keymap.conflict("yes", "2")).toBe("no");
    expect(keymap.conflict("yes", "1")).toBeNull();
    keymap.assign("yes", "2");
    expect(keymap.command(press("2"))).toBe("yes");
    expect(keymap.keys("no")).toEqual(["N"]);
    keymap.reset();
    expect(keymap.command(press("2"))).toBe("no");
  });

  it("gives a key to the command that asked for it last", () => {
    const keymap = new Keymap(bindings, { yes: "J" });
    keymap.assign("no", "J");
    expect(keymap.own).toEqual({ no: "J" });
    expect(keymap.command(press("1"))).toBe("yes");
  });
});
