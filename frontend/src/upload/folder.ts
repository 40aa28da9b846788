import "./details.css";
import "./folder.css";
import { messageOf } from "../api/client";
import { h, icon, setText } from "../ui/dom";
import { counted, integer } from "../ui/format";
import { type Folder, getFolder, importFolder } from "./api";

const SHOWN = 20;

/** A button that opens a dialog to import a folder that the server can read. */
export function folderButton(
  dataset: number,
  started: (files: number, problems: readonly string[]) => void,
): HTMLButtonElement {
  return h("button", {
    class: "btn btn-sm btn-link upload-table",
    text: "From a folder of the server",
    attrs: { type: "button" },
    on: {
      click: () => {
        const dialog = new FolderDialog(dataset, started);
        document.body.append(dialog.element);
        dialog.open();
      },
    },
  });
}

/** Holds for as long as they are; what is wrong is said apart from it, and stays. */
export function startedText(files: number): string {
  return `${counted(files, "file is", "files are")} being imported.`;
}

export function problemsText(problems: readonly string[]): string {
  const more = problems.length > SHOWN ? [`… and ${problems.length - SHOWN} more.`] : [];
  return [...problems.slice(0, SHOWN), ...more].join("\n");
}

type Started = (files: number, problems: readonly string[]) => void;

/** Goes through folders, and imports one; Esc closes it and nothing is imported. */
class FolderDialog {
  readonly element: HTMLDialogElement;
  readonly #dataset: number;
  readonly #started: Started;
  readonly #place = h("p", { class: "folder-place" });
  readonly #list = h("ul", { class: "folder-list" });
  readonly #count = h("p", { class: "folder-count", attrs: { role: "status" } });
  readonly #error = h("p", { class: "folder-error", attrs: { role: "alert" } });
  readonly #within = h("input", { class: "form-check-input", attrs: { type: "checkbox" } });
  readonly #table = h("input", {
    class: "form-control form-control-sm",
    attrs: { type: "file", accept: ".csv,.tsv,.txt,text/csv" },
  });
  readonly #go: HTMLButtonElement;
  #folder: Folder | null = null;

  constructor(dataset: number, started: Started) {
    this.#dataset = dataset;
    this.#started = started;
    this.#go = h("button", { class: "btn btn-primary", attrs: { type: "submit" } });
    this.#within.addEventListener("change", () => this.#render());
    const form = this.#form();
    this.element = h(
      "dialog",
      { class: "details-dialog folder-dialog", attrs: { "aria-label": "Import from the server" } },
      form,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#import();
    });
    this.element.addEventListener("close", () => this.element.remove());
  }

  open(): void {
    this.element.showModal();
    void this.#look("");
  }

  #form(): HTMLFormElement {
    const cancel = h("button", {
      class: "btn btn-outline-secondary",
      text: "Cancel",
      attrs: { type: "button" },
      on: { click: () => this.element.close() },
    });
    return h(
      "form",
      {},
      h("h2", { text: "Import from a folder of the server" }),
      this.#place,
      this.#list,
      this.#count,
      h("label", { class: "folder-within" }, this.#within, "Files in the folders within it too"),
      field("Table of conditions and wells, if you have one", this.#table),
      h("p", {
        class: "folder-note",
        text: "CSV with the columns file, condition, well, replicate",
      }),
      this.#error,
      h("div", { class: "details-buttons" }, this.#go, cancel),
    );
  }

  async #look(path: string): Promise<void> {
    try {
      this.#folder = await getFolder(this.#dataset, path);
      setText(this.#error, "");
    } catch (error) {
      setText(this.#error, messageOf(error));
    }
    this.#render();
  }

  #render(): void {
    const folder = this.#folder;
    setText(this.#place, folder?.path || "Folders that this site imports from");
    const up = folder?.above;
    const rows = (folder?.folders ?? []).map((path) => this.#row("folder2", nameOf(path), path));
    if (typeof up === "string") rows.unshift(this.#row("arrow-90deg-up", "Back", up));
    this.#list.replaceChildren(...rows);
    const files = folder?.files ?? 0;
    setText(this.#count, folder ? filesText(folder) : "");
    this.#go.disabled = !folder?.path || (files === 0 && !this.#within.checked);
    setText(this.#go, this.#within.checked || files === 0 ? "Import" : `Import ${integer(files)}`);
  }

  #row(picture: string, text: string, path: string): HTMLElement {
    const open = h(
      "button",
      {
        class: "folder-row",
        attrs: { type: "button" },
        on: { click: () => void this.#look(path) },
      },
      icon(picture),
      h("span", { text }),
    );
    return h("li", {}, open);
  }

  async #import(): Promise<void> {
    const path = this.#folder?.path;
    if (!path) return;
    this.#go.disabled = true;
    setText(this.#go, "Starting …");
    try {
      const table = (await this.#table.files?.[0]?.text()) ?? "";
      const chosen = { path, recursive: this.#within.checked, table };
      const { files, problems } = await importFolder(this.#dataset, chosen);
      this.element.close();
      this.#started(files, problems);
    } catch (error) {
      setText(this.#error, messageOf(error));
      this.#render();
    }
  }
}

function filesText({ path, files }: Folder): string {
  if (!path) return "";
  if (files === 0) return "No file in this folder itself";
  return `${counted(files, "file")} in this folder`;
}

function nameOf(path: string): string {
  return path.slice(path.replace(/\/+$/, "").lastIndexOf("/") + 1) || path;
}

function field(label: string, control: HTMLElement): HTMLElement {
  return h("label", { class: "details-field" }, h("span", { text: label }), control);
}
