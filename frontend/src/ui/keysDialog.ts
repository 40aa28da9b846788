import { h } from "./dom";

/** The keys of a screen, in a dialog of the browser's own: Esc closes it and the focus goes back where it was. */
export function keysDialog(title: string, keys: [keys: string, does: string][]): HTMLDialogElement {
  const list = h("dl");
  for (const [key, does] of keys) list.append(h("dt", { text: key }), h("dd", { text: does }));
  const close = h("button", {
    class: "btn btn-primary",
    text: "Close",
    attrs: { type: "button" },
    on: { click: () => dialog.close() },
  });
  const dialog: HTMLDialogElement = h(
    "dialog",
    { class: "keys-dialog", attrs: { "aria-label": title } },
    h("h2", { text: "Keys" }),
    list,
    close,
  );
  return dialog;
}
