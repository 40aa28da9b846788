import "./uploader.css";
import type { Role } from "../api/types";
import { h, setText } from "../ui/dom";
import { type Island, link, start } from "../ui/island";
import { pages } from "../ui/pages";
import { folderButton, problemsText, startedText } from "./folder";
import { Gallery } from "./gallery";
import { tableButton } from "./table";
import { Uploader } from "./uploader";

interface UploadProps {
  dataset: number;
  role: Role;
  /** Whether there are folders of the server that this person may import from. */
  folders: boolean;
}

async function run({ root, props }: Island<UploadProps>): Promise<void> {
  const mayLabel = props.role !== "viewer";
  const message = h("p", { class: "upload-message", attrs: { role: "alert" } });
  const gallery = new Gallery(props.dataset, props.role, (text) => setText(message, text));
  const above = mayLabel ? uploading(props, gallery, message) : [];
  root.replaceChildren(...above, message, gallery.element);
  await gallery.open();
}

function uploading(props: UploadProps, gallery: Gallery, message: HTMLElement): HTMLElement[] {
  const { dataset } = props;
  const say = (text: string): void => setText(message, text);
  const next = h("div", { class: "upload-next" });
  const begun = h("p", { class: "upload-begun", attrs: { role: "status" } });
  const table = tableButton(dataset, message, () => void gallery.refresh());
  const folder = folderButton(dataset, (files, problems) => {
    setText(begun, startedText(files));
    say(problemsText(problems));
    void uploader.incoming.refresh();
  });
  folder.hidden = !props.folders;
  const read = (): void => {
    void gallery.refresh().then(() => {
      offerLabelling(gallery, uploader, next);
      if (uploader.incoming.counts.received + gallery.importing === 0) setText(begun, "");
    });
  };
  const uploader = new Uploader({ dataset, say, read }, folder, table);
  return [...uploader.elements, begun, next];
}

function offerLabelling(gallery: Gallery, { queue }: Uploader, next: HTMLElement): void {
  const first = gallery.firstReady;
  const sent = queue.count("done") > 0;
  if (first === null || queue.busy || !sent || next.childElementCount > 0) return;
  next.replaceChildren(link(pages.label(first), "Start to label", "btn btn-primary"));
}

start<UploadProps>("upload", run);
