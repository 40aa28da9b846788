import { getImage } from "../api/endpoints";
import { pause } from "../api/poll";
import type { Image } from "../api/types";
import { link, notice } from "./island";
import { pages } from "./pages";

/** Waits while a worker still imports the image; null once it was refused, or while its pages have no meaning. */
export async function readyImage(root: HTMLElement, id: number): Promise<Image | null> {
  for (;;) {
    const image = await getImage(id);
    if (image.state === "ready") return image;
    root.replaceChildren(unready(image));
    if (image.state !== "importing") return null;
    await pause(1000);
  }
}

function unready(image: Image): HTMLElement {
  const actions = [link(pages.dataset(image.dataset), "Back to the data set")];
  if (image.state === "refused") {
    const title = `${image.name} could not be imported`;
    return notice({ icon: "exclamation-triangle", title, text: image.error, actions, alert: true });
  }
  if (image.state === "waiting") {
    const title = `${image.name} waits for an answer`;
    const text = "The file does not say what its pages are. Say it on the page of the data set.";
    return notice({ icon: "question-diamond", title, text, actions });
  }
  const title = `${image.name} is being imported`;
  const text = "The image appears here by itself.";
  return notice({ icon: "hourglass-split", title, text });
}
