import { request } from "../api/client";
import type { Errand } from "../errands/api";
import { counted, integer } from "../ui/format";

export interface Choices {
  structure: number;
  answers: boolean;
  reference: boolean;
  annotators: boolean;
}

/** What became, or would become, of one file: one sentence, and remarks on parts of it. */
export interface Outcome {
  text: string;
  remarks: string[];
}

interface TableTaken {
  answers: number;
  changed: number;
  refused: number;
  problems: string[];
}

interface MaskTaken {
  image_name: string;
  objects: number;
  yes: number;
  no: number;
  changed: number;
  replaces: boolean;
  passed_over: string[];
}

export function isTable(name: string): boolean {
  return name.toLowerCase().endsWith(".csv");
}

/** Hands a file to a worker, to be looked at; `take` of the errand then takes it in. */
export function look(dataset: number, file: File, choices: Choices): Promise<Errand> {
  const body = new FormData();
  body.append("file", file);
  body.append("dry_run", "true");
  if (isTable(file.name)) {
    body.append("annotators", String(choices.annotators));
    return post(`/api/datasets/${dataset}/labels/`, body);
  }
  body.append("structure", String(choices.structure));
  body.append("answers", String(choices.answers));
  body.append("reference", String(choices.reference));
  return post(`/api/datasets/${dataset}/masks/`, body);
}

const post = (url: string, body: FormData): Promise<Errand> =>
  request(url, { method: "POST", body });

/** What became of the file of an errand that is done. */
export function outcomeOf({ kind, params, report }: Errand): Outcome {
  if (kind === "table") return tableOutcome(report as unknown as TableTaken);
  return maskOutcome(report as unknown as MaskTaken, params as unknown as Choices);
}

export function tableOutcome({ answers, changed, refused, problems }: TableTaken): Outcome {
  const left = refused > 0 ? `; ${counted(refused, "line")} left out` : "";
  const rest = refused - problems.length;
  const more = rest > 0 ? [`… and ${counted(rest, "line")} more.`] : [];
  return {
    text: `${counted(answers, "answer")}, ${integer(changed)} new or changed${left}`,
    remarks: [...problems, ...more],
  };
}

export function maskOutcome(
  taken: MaskTaken,
  { answers, reference }: Pick<Choices, "answers" | "reference">,
): Outcome {
  const parts = [`${taken.image_name}: ${counted(taken.objects, "object")}`];
  if (answers) {
    parts.push(
      `${integer(taken.yes)} yes and ${integer(taken.no)} no, ${integer(taken.changed)} new or changed`,
    );
  }
  if (reference) parts.push(taken.replaces ? "replaces the reference" : "kept as reference");
  return { text: parts.join("; "), remarks: taken.passed_over };
}
