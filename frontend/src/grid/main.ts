import "../viewer/viewer.css";
import "./grid.css";
import { getImages } from "../api/endpoints";
import { type Island, start } from "../ui/island";
import { noWebgl } from "../ui/noWebgl";
import { expose } from "../viewer/probe";
import { webglAvailable } from "../viewer/viewer";
import { type Choice, readChoice } from "./choice";
import { Preview } from "./preview";

interface GridProps {
  dataset: number;
  patch_size: number;
  overlap: number;
}

async function run({ root, props }: Island<GridProps>): Promise<void> {
  if (!webglAvailable()) return root.replaceChildren(noWebgl());
  const form = document.querySelector<HTMLFormElement>("[data-grid-form]");
  const images = (await getImages(props.dataset)).filter(({ state }) => state === "ready");
  const [first] = images;
  if (!form || !first) return;
  const read = (): Choice | null => readChoice(new FormData(form));
  const kept: Choice = {
    patchSize: props.patch_size,
    overlap: props.overlap,
    view: { projection: "plane", plane_z: null, plane_t: 0, used_channels: [] },
  };
  const preview = new Preview(images, read() ?? kept);
  root.replaceChildren(preview.element);
  // While a number is half typed, the last grid that could be stays.
  const renew = (): void => {
    const choice = read();
    if (choice) preview.show(choice);
  };
  form.addEventListener("input", renew);
  expose(await preview.open(first.id));
}

start<GridProps>("grid", run);
