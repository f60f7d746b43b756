/** A folder with what lies directly in it, and how many pictures lie in it and below. */
export interface FolderNode {
  /** Of the folder alone; '' of the top. */
  readonly name: string;
  /** Below the top, with slashes; '' of the top. */
  readonly path: string;
  readonly folders: readonly FolderNode[];
  /** Below the top. */
  readonly pictures: readonly string[];
  readonly others: readonly string[];
  readonly picturesBelow: number;
}

interface Building {
  readonly name: string;
  readonly path: string;
  readonly folders: Map<string, Building>;
  readonly pictures: string[];
  readonly others: string[];
}

export const pictureEnding = /\.(png|jpe?g|webp|bmp|dib|gif|tiff?)$/i;

/** Of names below a folder, in their order. */
export function folderTree(files: readonly string[], folders: readonly string[] = []): FolderNode {
  const top = begin('', '');
  for (const folder of folders) reach(top, folder.split('/'));
  for (const file of files) {
    const parts = file.split('/');
    const folder = reach(top, parts.slice(0, -1));
    (pictureEnding.test(file) ? folder.pictures : folder.others).push(file);
  }
  return finish(top);
}

export function withPictures(node: FolderNode): readonly FolderNode[] {
  return node.folders.filter(({ picturesBelow }) => picturesBelow > 0);
}

/** Every picture in a folder and below it. */
export function allPictures(node: FolderNode): readonly string[] {
  return [...node.pictures, ...node.folders.flatMap(allPictures)];
}

function reach(top: Building, parts: readonly string[]): Building {
  let node = top;
  for (const name of parts) {
    const known = node.folders.get(name) ?? begin(name, node.path === '' ? name : `${node.path}/${name}`);
    node.folders.set(name, known);
    node = known;
  }
  return node;
}

function begin(name: string, path: string): Building {
  return { name, path, folders: new Map(), pictures: [], others: [] };
}

function finish({ name, path, folders, pictures, others }: Building): FolderNode {
  const finished = [...folders.values()].map(finish);
  const below = finished.reduce((sum, folder) => sum + folder.picturesBelow, pictures.length);
  return { name, path, folders: finished, pictures, others, picturesBelow: below };
}
