import type { Answer } from "../api/types";
import type { Stage } from "./stage";

export interface PointerTarget {
  /** How many patches there are. */
  count: () => number;
  click: (index: number) => void;
  extend: (index: number) => void;
  toggle: (index: number) => void;
  choose: (indices: number[]) => void;
  swipe: (index: number, answer: Answer) => void;
}

const STILL = 6;
const SWIPE = 40;

interface Press {
  pointer: number;
  index: number;
  point: [number, number];
  moved: boolean;
  touch: boolean;
}

/** Click answers, drag selects a rectangle, Shift and Ctrl select; on a touch screen tap answers, swipe says yes or no. */
export function listenToPointer(stage: Stage, target: PointerTarget): void {
  const { grid } = stage;
  let press: Press | null = null;

  const end = (): void => {
    press = null;
    stage.drag = null;
  };
  grid.addEventListener("pointerdown", (event) => {
    // The bar at the side scrolls; it is no patch.
    if (event.button !== 0 || event.offsetX > grid.clientWidth) return;
    const { index, point } = stage.at(event);
    if (index >= target.count()) return;
    press = { pointer: event.pointerId, index, point, moved: false, touch: isTouch(event) };
    if (!press.touch) grid.setPointerCapture(event.pointerId);
  });
  grid.addEventListener("pointermove", (event) => {
    if (!press || press.pointer !== event.pointerId) return;
    const { point } = stage.at(event);
    const [right, down] = [point[0] - press.point[0], point[1] - press.point[1]];
    if (Math.hypot(right, down) > STILL) press.moved = true;
    if (!press.moved || press.touch) return;
    stage.drag = {
      x: Math.min(point[0], press.point[0]),
      y: Math.min(point[1], press.point[1]),
      width: Math.abs(right),
      height: Math.abs(down),
    };
    target.choose(stage.layout.within(press.point, point, target.count()));
  });
  grid.addEventListener("pointerup", (event) => {
    if (!press || press.pointer !== event.pointerId) return;
    const { index, moved, touch, point } = press;
    const across = stage.at(event).point[0] - point[0];
    end();
    if (touch && Math.abs(across) > SWIPE) return target.swipe(index, across > 0 ? "yes" : "no");
    if (moved) return;
    if (event.shiftKey) target.extend(index);
    else if (event.ctrlKey || event.metaKey) target.toggle(index);
    else target.click(index);
  });
  grid.addEventListener("pointercancel", end);
}

function isTouch(event: PointerEvent): boolean {
  return event.pointerType === "touch" || event.pointerType === "pen";
}
