/** One place that talks HTTP: session cookie, CSRF header, errors as the sentence the server wrote. */

export class ApiError extends Error {
  readonly status: number;
  readonly body: unknown;
  /** In so many seconds the server would like to be asked again, if it said so. */
  readonly retryAfter: number | null;

  constructor(
    status: number,
    message: string,
    body: unknown = null,
    retryAfter: number | null = null,
  ) {
    super(message);
    this.body = body;
    this.name = "ApiError";
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether asking again later can help: no connection, a busy or restarting server. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function cookie(name: string, cookies: string): string {
  for (const part of cookies.split(";")) {
    const [key, ...value] = part.trim().split("=");
    if (key === name) return decodeURIComponent(value.join("="));
  }
  return "";
}

export function csrfToken(): string {
  const inPage = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
  return cookie("csrftoken", document.cookie) || (inPage?.value ?? "");
}

function sentences(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(sentences);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const texts = sentences(inner);
    const plain = field === "detail" || field === "non_field_errors" || field === "missing";
    return plain ? texts : texts.map((text) => `${field}: ${text}`);
  });
}

/** The sentence(s) of an error body; a general one where the server sent none (an HTML error page). */
export function errorSentence(status: number, body: unknown): string {
  // The server's own sentence is one for programs.
  if (status === 401) return "You are signed out. Sign in again.";
  // A body may say the same twice, once for people and once per field.
  const detail = (body as { detail?: unknown } | null)?.detail;
  const texts = sentences(detail === undefined ? body : detail);
  if (texts.length > 0) return texts.join(" ");
  if (status === 0) return "The server cannot be reached. Check the connection.";
  if (status === 403) return "You may not do this. Sign in again or ask a manager of the project.";
  if (status === 404) return "This is no longer there.";
  if (status === 413) return "The file is larger than the server accepts.";
  return `The server answered with an error (${status}). Try again.`;
}

export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The header may also hold a date, which no server of ours sends. */
export function retryAfter(headers: Headers): number | null {
  const seconds = Number.parseInt(headers.get("Retry-After") ?? "", 10);
  return seconds >= 0 ? seconds : null;
}

export interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  signal?: AbortSignal;
  /** Let the request outlive the page: used for the last answers when a tab closes. */
  keepalive?: boolean;
}

function requestInit(options: RequestOptions): RequestInit {
  const headers: Record<string, string> = { Accept: "application/json" };
  const init: RequestInit = { method: options.method ?? "GET", headers };
  if (init.method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (options.body instanceof FormData) {
    // The browser names the type itself, with the boundary between the parts.
    init.body = options.body;
  } else if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  if (options.signal) init.signal = options.signal;
  if (options.keepalive) init.keepalive = true;
  return init;
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

async function reached<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError(0, errorSentence(0, null));
  }
}

/** A picture that the server draws. */
export async function requestPicture(path: string, signal: AbortSignal): Promise<Blob> {
  const response = await reached(fetch(path, { signal, credentials: "same-origin" }));
  if (response.ok) return reached(response.blob());
  const { status } = response;
  throw new ApiError(status, `The pictures could not be drawn (${status}).`);
}

export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const init = { ...requestInit(options), credentials: "same-origin" } as const;
  const response = await reached(fetch(path, init));
  const body = parseBody(await reached(response.text()));
  if (!response.ok) {
    const { status } = response;
    throw new ApiError(status, errorSentence(status, body), body, retryAfter(response.headers));
  }
  return body as T;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
