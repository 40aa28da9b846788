/** Files that a system or a microscope leaves in a folder beside the images. */
const NOT_IMAGES = /^(\.|~\$|thumbs\.db$|desktop\.ini$)/i;
const ZARR = /\.zarr$/i;
// One for all: made for each comparison, it took a second for some thousand names.
const BY_NAME = new Intl.Collator("en", { numeric: true });

/** What is sent as one: a file, or all files of an OME-Zarr folder, which are packed first. */
export interface Source {
  name: string;
  size: number;
  lastModified: number;
  files: Part[];
}

/** A file and its path within what was dropped, such as "plate/a.zarr/zarr.json". */
export interface Part {
  file: File;
  path: string;
}

export function wanted<F extends { name: string }>(files: readonly F[]): F[] {
  return files
    .filter(({ name }) => !NOT_IMAGES.test(name))
    .sort((a, b) => BY_NAME.compare(a.name, b.name));
}

/** The files of a drop, those of an OME-Zarr folder put together. */
export function sources(parts: readonly Part[]): Source[] {
  const folders = new Map<string, Part[]>();
  const single: Source[] = [];
  for (const part of parts) {
    const folder = zarrFolder(part.path);
    if (folder === null) single.push(source(part.file.name, [part]));
    else if (folders.has(folder)) folders.get(folder)?.push(within(part, folder));
    else folders.set(folder, [within(part, folder)]);
  }
  const packed = [...folders].map(([folder, files]) => source(lastName(folder), files));
  return wanted([...single, ...packed]);
}

export function isFolder(of: Source): boolean {
  return of.files.length !== 1 || of.files[0]?.path !== of.name;
}

function source(name: string, files: Part[]): Source {
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  const lastModified = files.reduce((last, { file }) => Math.max(last, file.lastModified), 0);
  const own =
    files.length === 1 && !ZARR.test(name) ? [{ ...files[0], path: name } as Part] : files;
  return { name, size, lastModified, files: own };
}

/** The outermost folder on a path whose name ends in .zarr. */
function zarrFolder(path: string): string | null {
  const names = path.split("/");
  const index = names.slice(0, -1).findIndex((name) => ZARR.test(name));
  return index < 0 ? null : names.slice(0, index + 1).join("/");
}

function within(part: Part, folder: string): Part {
  return { file: part.file, path: lastName(folder) + part.path.slice(folder.length) };
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Files of a picker; one of a folder knows the path within it. */
export function pickedParts(files: Iterable<File>): Part[] {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function readSome(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

async function partsOf(entry: FileSystemEntry): Promise<Part[]> {
  const path = entry.fullPath.replace(/^\/+/, "") || entry.name;
  if (entry.isFile) return [{ file: await fileOf(entry as FileSystemFileEntry), path }];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const parts: Part[] = [];
  // A browser hands out a folder in portions of a hundred until an empty one.
  for (let some = await readSome(reader); some.length > 0; some = await readSome(reader)) {
    for (const inner of some) for (const part of await partsOf(inner)) parts.push(part);
  }
  return parts;
}

/** All files of a drop, folders opened. The entries must be taken before the first await: the drop is gone after. */
export async function droppedParts(data: DataTransfer): Promise<Part[]> {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return pickedParts(data.files);
  const parts = await Promise.all(entries.map(partsOf));
  return parts.flat();
}
