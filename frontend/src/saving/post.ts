import { ApiError, request } from "../api/client";
import type { Batch } from "./queue";

/** Sends one person's answers; resolves only when the server said in full that it has them. */
export async function postAnswers(
  dataset: number,
  by: number,
  batch: Batch,
  keepalive: boolean,
): Promise<unknown> {
  const path = `/api/datasets/${dataset}/answers/`;
  const taken = await request<{ now?: unknown } | null>(path, {
    method: "POST",
    body: { ...batch, by },
    keepalive,
  });
  // A reply that is cut within its head looks like a success with nothing in it.
  if (typeof taken?.now !== "string") {
    throw new ApiError(0, "The connection was lost while the server answered.");
  }
  return taken;
}
