import { csrfToken, errorSentence, parseBody } from "../api/client";
import { uploadUrl } from "../api/endpoints";
import type { Outcome } from "./queue";

function outcome(request: XMLHttpRequest, name: string): Outcome {
  if (request.status >= 200 && request.status < 300) return { state: "done" };
  const sentence = errorSentence(request.status, parseBody(request.responseText));
  // The row shows the name already.
  const reason = sentence.startsWith(`${name}: `) ? sentence.slice(name.length + 2) : sentence;
  return { state: request.status === 409 ? "known" : "failed", reason };
}

/** Uploads one file. XMLHttpRequest, because fetch does not tell how much of an upload has left. */
export function sendFile(
  dataset: number,
  file: File,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name);
    request.open("POST", uploadUrl(dataset));
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => resolve(outcome(request, file.name)));
    request.addEventListener("error", () => reject(new Error(errorSentence(0, null))));
    request.addEventListener("abort", () => resolve({ state: "failed", reason: "Cancelled." }));
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
