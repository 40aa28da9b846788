import { downloadZip } from "client-zip";
import { isFolder, type Source } from "./files";

/** The first date a zip archive can name: packed twice, a folder gives the same bytes and is recognised. */
const NO_DATE = new Date(1980, 0, 1);

/** What is sent of a source: the file itself, or the files of a folder stored in one zip. */
export async function blobOf(source: Source): Promise<Blob> {
  const [first] = source.files;
  if (first && !isFolder(source)) return first.file;
  const ordered = [...source.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const entries = ordered.map(({ file, path }) => ({
    name: path,
    input: file,
    size: file.size,
    lastModified: NO_DATE,
  }));
  return downloadZip(entries).blob();
}
