const YEAR = 365 * 24 * 60 * 60;

/** Tells the server in which time zone the reader is, so that it counts "today" by their day. */
export function tellZone(): void {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (!timeZone) return;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store needs HTTPS, which a lab's own server may lack.
  document.cookie = `zone=${timeZone}; path=/; max-age=${YEAR}; samesite=lax`;
}
