import type { Saving } from "./saving";

/** Goes to another page once the last answers have arrived, or a moment later: the journal holds what stays. */
export async function leaveFor(href: string, saving: Saving): Promise<void> {
  await saving.settle();
  location.assign(href);
}

/** Tries again when the connection is back, and lets nobody leave unwarned while answers are unsent. */
export function guardLeaving(links: HTMLElement, saving: Saving): void {
  window.addEventListener("online", () => saving.retry());
  window.addEventListener("pagehide", () => saving.retry());
  window.addEventListener("beforeunload", (event) => {
    if (saving.unsent > 0) event.preventDefault();
  });
  links.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    if (!link || saving.unsent === 0 || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    void leaveFor(link.href, saving);
  });
}
