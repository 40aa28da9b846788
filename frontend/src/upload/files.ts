/** Files that a system or a microscope leaves in a folder beside the images. */
const NOT_IMAGES = /^(\.|~\$|thumbs\.db$|desktop\.ini$)/i;

export function wanted<F extends { name: string }>(files: readonly F[]): F[] {
  return files
    .filter(({ name }) => !NOT_IMAGES.test(name))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function readSome(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await fileOf(entry as FileSystemFileEntry)];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // A browser hands out a folder in portions of a hundred until an empty one.
  for (let part = await readSome(reader); part.length > 0; part = await readSome(reader)) {
    for (const inner of part) files.push(...(await filesOf(inner)));
  }
  return files;
}

/** All files of a drop, folders opened. The entries must be taken before the first await: the drop is gone after. */
export async function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return wanted([...data.files]);
  const files = await Promise.all(entries.map(filesOf));
  return wanted(files.flat());
}
