/** How many patches a screen may hold, roughly. */
export const SCREENS = [50, 80, 120, 200, 300, 400];
const FIRST_SCREEN = 120;
const KEY = "micraweb-patches-on-a-screen";

/** What was chosen last in this browser: it suits a display, so it stays with it. */
export function keptScreen(): number {
  const kept = SCREENS.find((count) => String(count) === stored());
  return kept ?? FIRST_SCREEN;
}

export function keepScreen(count: number): void {
  try {
    localStorage.setItem(KEY, String(count));
  } catch {
    // A browser that keeps nothing shows the usual screen next time.
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
