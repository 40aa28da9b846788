import "./train.css";
import { messageOf } from "../api/client";
import { getModels, getReadiness, startTraining } from "../api/endpoints";
import type { ModelVersion, Readiness } from "../api/types";
import { h, icon, setText } from "../ui/dom";
import { counted, integer } from "../ui/format";
import { type Island, link, start } from "../ui/island";
import { pages } from "../ui/pages";
import { methodField, more, nameField } from "./fields";
import { lacks, type StructureReadiness, trainOptions } from "./options";

interface TrainProps {
  dataset: number;
}

async function run({ root, props }: Island<TrainProps>): Promise<void> {
  const [readiness, models] = await Promise.all([
    getReadiness(props.dataset),
    getModels(props.dataset),
  ]);
  root.replaceChildren(form(props.dataset, readiness, models));
}

function form(dataset: number, readiness: Readiness, models: ModelVersion[]): HTMLElement {
  const status = h("p", { class: "train-status", attrs: { role: "alert" } });
  const submit = h(
    "button",
    { class: "btn btn-primary", attrs: { type: "submit" } },
    icon("play-fill"),
    " Start training",
  );
  const update = (): void => {
    submit.disabled = element.querySelectorAll("input[name=structure]:checked").length === 0;
  };
  const element: HTMLFormElement = h(
    "form",
    { class: "train", on: { submit: (event: Event) => void send(event), change: () => update() } },
    missing(dataset, readiness),
    structureField(readiness),
    nameField(),
    methodField(),
    more(models),
    h(
      "div",
      { class: "train-actions" },
      submit,
      link(pages.dataset(dataset), "Back", "btn btn-outline-secondary"),
    ),
    status,
  );
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    submit.disabled = true;
    setText(status, "");
    try {
      const started = await startTraining(dataset, trainOptions(read(element)));
      location.assign(pages.run(started.id));
    } catch (error) {
      setText(status, messageOf(error));
      update();
    }
  };
  update();
  return element;
}

function read(element: HTMLFormElement) {
  const data = new FormData(element);
  const text = (name: string): string => String(data.get(name) ?? "");
  return {
    structures: data.getAll("structure").map(Number),
    name: text("name"),
    epochs: text("epochs"),
    downscale: text("downscale"),
    method: text("method"),
    start: text("start"),
    members: text("members"),
    turned: text("turned"),
  };
}

function missing(dataset: number, readiness: Readiness): HTMLElement | null {
  if (readiness.missing.length === 0) return null;
  return h(
    "div",
    { class: "train-missing", attrs: { role: "status" } },
    h("h2", {}, icon("info-circle"), " Before you can train"),
    h("ul", {}, ...readiness.missing.map((text) => h("li", { text }))),
    link(`/datasets/${dataset}/label/`, "Answer more patches", "btn btn-sm btn-primary"),
  );
}

function structureField(readiness: Readiness): HTMLElement {
  return h(
    "fieldset",
    { class: "train-field" },
    h("legend", { text: "Structures" }),
    h("div", { class: "train-structures" }, ...readiness.structures.map(structureRow)),
  );
}

function structureRow(structure: StructureReadiness): HTMLElement {
  const lack = lacks(structure);
  const input = h("input", {
    class: "form-check-input",
    attrs: {
      type: "checkbox",
      name: "structure",
      value: structure.id,
      checked: lack === "",
      disabled: lack !== "",
    },
  });
  const counts = `${integer(structure.yes)} yes, ${integer(structure.no)} no on ${counted(structure.images, "image")}`;
  return h(
    "label",
    { class: "train-structure" },
    input,
    h("span", { class: "train-chip", style: { background: structure.colour } }),
    h("span", { class: "train-name", text: structure.name }),
    h("span", { class: "train-counts", text: lack ? `${counts}: ${lack}` : counts }),
  );
}

start<TrainProps>("train", run);
