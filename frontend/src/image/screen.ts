import type { Dataset, Image, Role } from "../api/types";
import { backLink } from "../ui/backLink";
import { h, icon, iconButton } from "../ui/dom";
import { keysDialog } from "../ui/keysDialog";
import { pages } from "../ui/pages";
import { pager, work } from "../ui/work";
import { Desk } from "../viewer/desk";
import { VIEW_KEY_HELP, viewCommand } from "../viewer/keys";
import { listenToViewKeys } from "../viewer/listenToKeys";
import type { Viewer } from "../viewer/viewer";
import { factsSection } from "./facts";

/** The page on which an image is only looked at. */
export async function openImageScreen(
  root: HTMLElement,
  image: Image,
  dataset: Dataset,
  role: Role,
): Promise<Viewer> {
  const frame = work();
  const help = keysDialog("Keys on the image page", [
    ...VIEW_KEY_HELP,
    ["[ and ]", "previous, next image"],
    ["?", "this help"],
  ]);
  frame.bar.append(
    backLink(image.dataset),
    pager(image, pages.image),
    h("div", { class: "work-spacer" }),
    ...(role === "viewer" ? [] : [action(pages.label(image.id), "grid-3x3", "Label")]),
    action(pages.results(image.id), "layers", "Results"),
    iconButton("question-circle", "Keys and help (?)", () => help.showModal()),
  );
  root.replaceChildren(frame.element);
  frame.element.append(help);
  const desk: Desk = await Desk.open({
    work: frame,
    image,
    dataset,
    about: "",
    events: { hover: (at) => desk.readout.show(at) },
  });
  desk.viewer.element.classList.add("viewer-pans");
  frame.side.append(desk.panel.element, factsSection(image));
  listenToViewKeys(help, (event) => {
    const step = { "[": image.previous, "]": image.next }[event.key];
    if (step !== undefined) return () => step && location.assign(pages.image(step));
    if (event.key === "?") return () => help.showModal();
    const command = viewCommand(event);
    return command && (() => desk.run(command));
  });
  desk.viewer.canvas.focus({ preventScroll: true });
  await desk.viewer.ready;
  root.dataset.ready = "true";
  return desk.viewer;
}

function action(href: string, name: string, text: string): HTMLElement {
  return h(
    "a",
    { class: "btn btn-sm btn-outline-secondary", attrs: { href } },
    icon(name),
    ` ${text}`,
  );
}
