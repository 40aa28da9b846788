import { DetailedError, type HttpRequest, Upload } from "tus-js-client";
import { csrfToken, errorSentence, parseBody } from "../api/client";
import { uploadsUrl } from "./api";
import type { Source } from "./files";
import { blobOf } from "./pack";
import type { Outcome } from "./queue";

/** Small enough for the time and size limits of servers in between, large enough not to be slow. */
const PIECE = 16 * 2 ** 20;
const RETRY_DELAYS = [0, 1000, 3000, 5000, 10_000];
const FULL = 507;

/** Addresses of uploads that this page sends or has sent: a list of the server's may be older. */
export const sending = new Set<string>();
const packed = new WeakMap<Source, Blob>();

/** Sends a file in pieces; one that was begun before, in this page or an earlier one, goes on. */
export async function sendSource(
  dataset: number,
  source: Source,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  const blob = packed.get(source) ?? (await blobOf(source));
  packed.set(source, blob);
  return new Promise((resolve) => {
    const upload = new Upload(blob, {
      endpoint: uploadsUrl(dataset),
      chunkSize: PIECE,
      retryDelays: RETRY_DELAYS,
      metadata: { filename: source.name, modified: String(source.lastModified) },
      fingerprint: () => Promise.resolve(fingerprint(dataset, source)),
      removeFingerprintOnSuccess: true,
      onBeforeRequest: (request: HttpRequest) => request.setHeader("X-CSRFToken", csrfToken()),
      onShouldRetry: (error) => navigator.onLine && mayPass(statusOf(error)),
      onUploadUrlAvailable: () => void sending.add(address(upload)),
      onProgress: (sent, total) => progress(total === 0 ? 1 : sent / total),
      onSuccess: () => end({ state: "done" }),
      onError: (error) => end(failure(error, source.name)),
    });
    const end = (outcome: Outcome): void => resolve(outcome);
    signal.addEventListener("abort", () => {
      // Cancelled for good, the server forgets it; paused, it waits there.
      const stopped = upload.abort(signal.reason === "cancelled");
      stopped.catch(() => {}).finally(() => end({ state: "failed" }));
    });
    start(upload, signal).catch((error: unknown) =>
      end({ state: "failed", reason: error instanceof Error ? error.message : String(error) }),
    );
  });
}

async function start(upload: Upload, signal: AbortSignal): Promise<void> {
  const [before] = await upload.findPreviousUploads();
  if (before) upload.resumeFromPreviousUpload(before);
  if (!signal.aborted) upload.start();
}

/** What makes a file the same one after a reload. */
function fingerprint(dataset: number, { name, size, lastModified, files }: Source): string {
  return ["micraweb", dataset, name, size, lastModified, files.length].join("-");
}

function address(upload: Upload): string {
  return upload.url ? new URL(upload.url, location.href).pathname : "";
}

function statusOf(error: unknown): number {
  return error instanceof DetailedError ? (error.originalResponse?.getStatus() ?? 0) : 0;
}

/** No answer, a busy server, or somebody else at the same place a moment ago. */
function mayPass(status: number): boolean {
  return status === 0 || status === 409 || status === 423 || (status >= 500 && status !== FULL);
}

function failure(error: Error | DetailedError, name: string): Outcome {
  const status = statusOf(error);
  if (status === 0 && error instanceof DetailedError) return { state: "offline" };
  const body =
    error instanceof DetailedError ? parseBody(error.originalResponse?.getBody() ?? "") : null;
  const sentence = status === 0 ? error.message : errorSentence(status, body);
  // The row shows the name already.
  const reason = sentence.startsWith(`${name}: `) ? sentence.slice(name.length + 2) : sentence;
  return { state: "failed", reason };
}
