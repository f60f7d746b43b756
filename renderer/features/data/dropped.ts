/** A file and its place below the folder it came in, with slashes. */
export interface PlacedFile {
  readonly path: string;
  readonly file: File;
}

/** What was dropped or chosen in a page that is not told where it lies. */
export interface DroppedFiles {
  /** Of the folder, or of the first file. */
  readonly name: string;
  readonly files: readonly PlacedFile[];
}

/** Looks through what was dropped, folders with all below them; hidden files are left out. To be called while the drop is told. */
export function droppedFiles(transfer: DataTransfer): Promise<DroppedFiles> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return gather(entries);
}

/** What was chosen by a field of the page. */
export function chosenFiles(list: FileList): DroppedFiles {
  const files = [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  const [first] = files;
  const isFolder = first !== undefined && first.path.includes('/');
  if (!isFolder) return { name: first?.file.name ?? '', files };
  return { name: first.path.split('/')[0]!, files: files.map(belowFolder).filter(({ path }) => !isHidden(path)) };
}

function belowFolder({ path, file }: PlacedFile): PlacedFile {
  return { path: path.slice(path.indexOf('/') + 1), file };
}

function isHidden(path: string): boolean {
  return path.split('/').some((name) => name.startsWith('.'));
}

async function gather(entries: readonly FileSystemEntry[]): Promise<DroppedFiles> {
  const [first] = entries;
  const files: PlacedFile[] = [];
  // Of one folder what lies in it; of several things all side by side.
  if (entries.length === 1 && first?.isDirectory) await addFolder(first as FileSystemDirectoryEntry, '', files);
  else for (const entry of entries) await addEntry(entry, '', files);
  return { name: first?.name ?? '', files };
}

async function addFolder(folder: FileSystemDirectoryEntry, below: string, files: PlacedFile[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // A hundred or so at a time, until none are left.
    const some = await new Promise<readonly FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    for (const entry of some) await addEntry(entry, below, files);
  }
}

async function addEntry(entry: FileSystemEntry, below: string, files: PlacedFile[]): Promise<void> {
  if (entry.name.startsWith('.')) return;
  const path = `${below}${entry.name}`;
  if (entry.isDirectory) return addFolder(entry as FileSystemDirectoryEntry, `${path}/`, files);
  const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
  files.push({ path, file });
}
