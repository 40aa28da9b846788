import { describe, expect, it } from "vitest";
import { GALLERY_KEYS } from "../gallery/commands";
import { type Key, Keymap } from "../keys/keymap";
import { LABEL_KEYS } from "./commands";

const keymap = new Keymap(LABEL_KEYS);
const press = (key: string, held: Partial<Key> = {}) =>
  keymap.command({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });

describe("keys of the label screen", () => {
  it.each([
    ["1", "yes"],
    ["y", "yes"],
    ["Y", "yes"],
    ["2", "no"],
    ["n", "no"],
    ["3", "unsure"],
    ["u", "unsure"],
    ["0", "clear"],
    ["Delete", "clear"],
    ["Enter", "apply"],
    ["[", "lowerThreshold"],
    ["?", "help"],
  ])("%s asks for %s", (key, command) => {
    expect(press(key)).toBe(command);
  });

  it("tell undo from redo", () => {
    expect(press("z", { ctrlKey: true })).toBe("undo");
    expect(press("Z", { ctrlKey: true, shiftKey: true })).toBe("redo");
    expect(press("z", { metaKey: true })).toBe("undo");
    expect(press("y", { ctrlKey: true })).toBe("redo");
  });

  it("leave the browser its own", () => {
    expect(press("r", { ctrlKey: true })).toBeNull();
    expect(press("1", { altKey: true })).toBeNull();
    expect(press("F5")).toBeNull();
  });

  it("never mean two things", () => {
    const all = Object.values(LABEL_KEYS).flatMap(({ keys }) => keys);
    expect(new Set(all).size).toBe(all.length);
  });

  it("are the gallery's where both know a command", () => {
    const shared = Object.keys(LABEL_KEYS).filter((command) => command in GALLERY_KEYS);
    expect(shared.length).toBeGreaterThan(20);
    const different = shared.filter(
      (command) =>
        LABEL_KEYS[command as "yes"].keys.join() !== GALLERY_KEYS[command as "yes"].keys.join(),
    );
    expect(different).toEqual([]);
  });
});
