import "./label.css";
import { getDataset, getMe, getStructures } from "../api/endpoints";
import type { Role } from "../api/types";
import { AnswerDatabase } from "../saving/database";
import { type Island, start } from "../ui/island";
import { noStructures } from "../ui/noStructures";
import { noWebgl } from "../ui/noWebgl";
import { readyImage } from "../ui/readyImage";
import { expose } from "../viewer/probe";
import { webglAvailable } from "../viewer/viewer";
import { LabelScreen } from "./screen";

interface LabelProps {
  image: number;
  project_role: Role;
  scores: boolean;
  keys: Record<string, string>;
  tour_seen: boolean;
}

async function run({ root, props }: Island<LabelProps>): Promise<void> {
  if (!webglAvailable()) return root.replaceChildren(noWebgl());
  const image = await readyImage(root, props.image);
  if (!image) return;
  const [dataset, me, database] = await Promise.all([
    getDataset(image.dataset),
    getMe(),
    AnswerDatabase.open(),
  ]);
  const structures = await getStructures(dataset.project);
  if (structures.length === 0) return root.replaceChildren(noStructures(dataset.project));
  const role = props.project_role ?? dataset.role;
  const screen = new LabelScreen(root, {
    image,
    dataset,
    structures,
    user: me.id,
    database,
    readOnly: role === "viewer",
    manager: role === "manager",
    scores: props.scores,
    keys: props.keys,
    tourSeen: props.tour_seen,
  });
  expose(await screen.open());
}

start<LabelProps>("label", run);
