import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Handlers } from '../../core/contract/contract.ts';
import type { OpenedProject, ProjectCalls, RecipeDescription, SavedText } from '../../core/contract/projects.ts';
import type { RecentProject } from '../../core/contract/settings.ts';
import { isFileName } from '../../core/project/file-name.ts';
import { isThere } from '../datasets/check-files.ts';
import { fail, withFile } from '../failures.ts';
import { makeFolder, readRegularFile, replaceFile } from '../files.ts';
import { pathInside } from '../inside-folder.ts';
import { projectsFolder, recipesFolder } from '../paths.ts';
import { decoded, listRecipes, readProject, refuseForeign } from '../projects/open-project.ts';
import { autosave, forgetUnsaved, recoverUnsaved } from './autosave.ts';
import type { OpenDocuments } from './open-documents.ts';
import type { SettingsStore } from './settings-store.ts';
import type { Shell } from './shell.ts';

const ending = '.torchwright.json';
const recentKept = 12;

export function projectCalls(
  shell: Shell,
  settings: SettingsStore,
  documents: OpenDocuments,
): Pick<Handlers, keyof ProjectCalls> {
  const files = new ProjectFiles(shell, settings);
  return {
    'recipes.list': async () => Promise.all((await listRecipes()).map(describeRecipe)),
    'projects.open': ({ file }) => files.open(file),
    'projects.openDialog': () => files.openDialog(),
    'projects.save': ({ file, ...saved }) => files.save(file, saved),
    'projects.saveAs': ({ name, ...saved }) => files.saveAs(name, saved),
    'projects.files': listProjectFiles,
    'projects.recent': () => files.recent(),
    'projects.hold': (document) => documents.hold(document),
    'projects.release': ({ key, holder }) => documents.release(key, holder),
    'projects.held': () => documents.list(),
    'projects.autosave': autosave,
    'projects.recover': recoverUnsaved,
    'projects.forget': ({ key }) => forgetUnsaved(key),
  };
}

class ProjectFiles {
  readonly #shell: Shell;
  readonly #settings: SettingsStore;
  /** Opened or picked since the start: where a window may write. */
  readonly #writable = new Set<string>();
  /** What a document last wrote to its file, and what was last read from a file by any, by its checksum. */
  readonly #known = new Map<string, string>();

  constructor(shell: Shell, settings: SettingsStore) {
    this.#shell = shell;
    this.#settings = settings;
  }

  async open(given: string): Promise<OpenedProject> {
    // A browser may be anywhere: it sees the folder of projects and no other.
    const file = this.#shell.kind === 'browser' ? inProjects(given) : path.resolve(given);
    const text = decoded(await readRegularFile(file), file);
    // Nothing of a file that is no project goes to the window.
    refuseForeign(text, file);
    this.#known.set(file, checksum(text));
    await this.#remember(file);
    return { file, name: nameOf(file), text };
  }

  /** What this window may open. */
  recent(): readonly RecentProject[] {
    const { recentProjects } = this.#settings.settings;
    if (this.#shell.kind !== 'browser') return recentProjects;
    return recentProjects.filter(({ file }) => path.dirname(file) === projectsFolder());
  }

  async openDialog(): Promise<OpenedProject | null> {
    const file = await this.#dialogs().openProject();
    return file === null ? null : this.open(file);
  }

  /** `replace`: also where the file was changed by somebody else meanwhile. */
  async save(file: string, { text, document, replace = false }: SavedText): Promise<void> {
    if (!this.#writable.has(file)) {
      fail('notWritable', `${file} was not opened in this workbench. Use Save as to choose a file.`, { at: file });
    }
    if (!replace) await this.#refuseChanged(file, document);
    await this.#write(file, text, document);
  }

  async #refuseChanged(file: string, document: string | undefined): Promise<void> {
    const known = this.#known.get(knownBy(file, document)) ?? this.#known.get(file);
    const now = await readFile(file, 'utf8').catch(() => null);
    if (known === undefined || now === null || checksum(now) === known) return;
    fail('inUse', `${file} was changed outside this window since it was opened or saved here.`, {
      at: file,
      advice: 'Overwrite it, or save this project as another file.',
      choices: ['replace'],
    });
  }

  async #write(file: string, text: string, document: string | undefined): Promise<void> {
    await replaceFile(file, text);
    this.#known.set(knownBy(file, document), checksum(text));
  }

  async saveAs(
    name: string,
    { text, document, replace = false }: SavedText,
  ): Promise<{ file: string; name: string } | null> {
    const file = await this.#chooseFile(name, replace);
    if (file === null) return null;
    await this.#write(file, text, document);
    await this.#remember(file);
    return { file, name: nameOf(file) };
  }

  async #chooseFile(name: string, replace: boolean): Promise<string | null> {
    const { dialogs } = this.#shell;
    if (dialogs) return withEnding(await dialogs.saveProject(`${name}${ending}`));
    if (!isFileName(name)) {
      const rule = 'It must not contain / \\ : * ? " < > |, begin or end with a dot, or exceed 100 characters.';
      fail('badUsage', `This is not a valid file name. ${rule}`, { at: name });
    }
    const file = path.join(projectsFolder(), `${name}${ending}`);
    if (!replace && (await isThere(file))) fail('inUse', `There is a project ${name} already.`, { at: file });
    await makeFolder(projectsFolder());
    return file;
  }

  async #remember(file: string): Promise<void> {
    this.#writable.add(file);
    const others = this.#settings.settings.recentProjects.filter((recent) => recent.file !== file);
    const recent = { file, name: nameOf(file), opened: Date.now() };
    await this.#settings.write({ recentProjects: [recent, ...others].slice(0, recentKept), lastProject: { file } });
  }

  #dialogs(): NonNullable<Shell['dialogs']> {
    return this.#shell.dialogs ?? fail('unavailable', 'A browser has no file dialog. Choose a project from the list.');
  }
}

/** As the dialog that opens projects looks for them. The system has asked only about the name that was typed. */
async function withEnding(file: string | null): Promise<string | null> {
  if (file === null || /\.json$/i.test(file)) return file;
  const ended = `${file}${ending}`;
  if (await isThere(ended)) fail('inUse', `${ended} is there already. Choose another name.`, { at: ended });
  return ended;
}

/** Without a document: what any of them knows. */
function knownBy(file: string, document: string | undefined): string {
  return document === undefined ? file : `${document} ${file}`;
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function inProjects(given: string): string {
  const file = pathInside(projectsFolder(), given);
  if (file !== null && path.dirname(file) === path.resolve(projectsFolder())) return file;
  return fail('notFound', `${given} is not in the folder of projects, ${projectsFolder()}.`, { at: given });
}

function nameOf(file: string): string {
  return path.basename(file).replace(/(\.torchwright)?\.json$/, '');
}

async function listProjectFiles(): Promise<readonly RecentProject[]> {
  const names = await readdir(projectsFolder()).catch(() => []);
  const files = names.filter((name) => name.endsWith(ending)).map((name) => path.join(projectsFolder(), name));
  const found = await Promise.all(
    files.map(async (file) => ({ file, name: nameOf(file), opened: (await stat(file)).mtimeMs })),
  );
  return found.sort((one, other) => other.opened - one.opened);
}

async function describeRecipe(name: string): Promise<RecipeDescription> {
  const file = path.join(recipesFolder, `${name}.json`);
  const text = await withFile(file, () => readFile(file, 'utf8'));
  const project = readProject(text, file);
  return { name, description: project.description ?? null, reference: project.reference ?? null, text, project };
}
