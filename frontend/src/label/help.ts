import { h } from "../ui/dom";
import { KEY_HELP } from "./keys";

/** The keys, in a dialog of the browser's own: Esc closes it and the focus goes back where it was. */
export function helpDialog(): HTMLDialogElement {
  const list = h("dl");
  for (const [keys, does] of KEY_HELP)
    list.append(h("dt", { text: keys }), h("dd", { text: does }));
  const close = h("button", {
    class: "btn btn-primary",
    text: "Close",
    attrs: { type: "button" },
    on: { click: () => dialog.close() },
  });
  const dialog: HTMLDialogElement = h(
    "dialog",
    { class: "label-help", attrs: { "aria-label": "Keys on the label screen" } },
    h("h2", { text: "Keys" }),
    list,
    close,
  );
  return dialog;
}
