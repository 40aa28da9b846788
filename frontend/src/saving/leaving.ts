import type { AnswerQueue } from "./queue";

/** Goes to another page once the last answers have arrived, or a moment later: the browser holds what stays. */
export async function leaveFor(href: string, queue: AnswerQueue): Promise<void> {
  await queue.settle();
  location.assign(href);
}

/** Sends what is left when the connection is back or the page goes; warns only where something could be lost. */
export function guardLeaving(links: HTMLElement, queue: AnswerQueue): void {
  window.addEventListener("online", () => queue.retry());
  window.addEventListener("pagehide", () => queue.leave());
  window.addEventListener("beforeunload", (event) => {
    if (queue.unwritten) event.preventDefault();
  });
  links.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    if (!link || queue.state.kind === "saved" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    void leaveFor(link.href, queue);
  });
}
