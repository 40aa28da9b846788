import { messageOf } from "../api/client";
import { h, setText } from "../ui/dom";
import { counted } from "../ui/format";
import { postTable, type TableReport } from "./api";

const SHOWN = 20;

/** What became of a table, with the lines that were not understood. */
export function reportText({ changed, problems }: TableReport): string {
  const images = `${counted(changed, "image")} described.`;
  const more = problems.length > SHOWN ? [`… and ${problems.length - SHOWN} more.`] : [];
  return [images, ...problems.slice(0, SHOWN), ...more].join("\n");
}

/** Chooses a CSV table of conditions, wells and replicates and has it written on the images. */
export function tableButton(dataset: number, message: HTMLElement, done: () => void): HTMLElement {
  const send = async (table: File): Promise<void> => {
    try {
      setText(message, reportText(await postTable(dataset, table)));
    } catch (error) {
      setText(message, messageOf(error));
    }
    done();
  };
  const input = h("input", {
    attrs: { type: "file", hidden: true, accept: ".csv,.tsv,.txt,text/csv", "data-table": true },
    on: {
      change: () => {
        const [table] = input.files ?? [];
        if (table) void send(table);
        input.value = "";
      },
    },
  });
  const button = h("button", {
    class: "btn btn-sm btn-link upload-table",
    text: "Conditions and wells from a table",
    attrs: {
      type: "button",
      title: "CSV with the columns file, condition, well, replicate",
    },
    on: { click: () => input.click() },
  });
  return h("span", {}, button, input);
}
