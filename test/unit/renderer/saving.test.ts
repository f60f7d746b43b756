import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Project } from '../../../core/project/project.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import { smallDigits } from '../../small-digits.ts';

const project: Project = smallDigits;
let calls: string[];
/** Of calls, in the place of a file that was written. */
let answers: Readonly<Record<string, unknown>>;
/** Ends the call that writes the file. */
let written: () => void;

beforeEach(() => {
  calls = [];
  answers = {};
  setActivePinia(createPinia());
  const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  vi.stubGlobal('sessionStorage', storage);
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('window', {
    addEventListener: () => undefined,
    torchwright: {
      pathOf: () => '',
      on: () => () => undefined,
      async call(name: string) {
        calls.push(name);
        if (name === 'projects.save' || name === 'projects.saveAs') {
          await new Promise<void>((resolve) => (written = resolve));
        }
        if (name in answers) return { ok: true, value: answers[name] };
        return { ok: true, value: { file: '/copy.torchwright.json', name: 'copy' } };
      },
    },
  });
});

afterEach(() => vi.unstubAllGlobals());

/** What is used here of the stores: the checks of types know no DOM for tests. */
interface Stores {
  useProject(): {
    isReader: boolean;
    readonly isDirty: boolean;
    readonly file: string | null;
    readonly project: Project | null;
    begin(document: Project, from: { file: string | null; isSaved: boolean }): void;
    change(next: Project, about: string): void;
  };
  useProjectFiles(): {
    save(shell: 'browser'): Promise<void>;
    saveAs(name: string, replace: boolean): Promise<void>;
    load(file: string): Promise<void>;
  };
}

async function imported<Name extends keyof Stores>(file: string): Promise<Pick<Stores, Name>> {
  return (await import(`../../../renderer/features/project/${file}.ts`)) as Pick<Stores, Name>;
}

async function stores(): Promise<{
  readonly current: ReturnType<Stores['useProject']>;
  readonly files: ReturnType<Stores['useProjectFiles']>;
}> {
  const { useProject } = await imported<'useProject'>('project-store');
  const { useProjectFiles } = await imported<'useProjectFiles'>('project-files');
  const [current, files] = [useProject(), useProjectFiles()];
  current.begin(project, { file: '/one.torchwright.json', isSaved: true });
  current.change({ ...project, name: 'changed' }, 'name');
  return { current, files };
}

describe('a project that is being saved', () => {
  it('is unsaved where it changed before the file was written', async () => {
    const { current, files } = await stores();
    const saved = files.save('browser');
    current.change({ ...project, name: 'changed again' }, 'name');
    written();
    await saved;
    expect(current.isDirty).toBe(true);
    expect(calls).not.toContain('projects.forget');
  });

  it('lends its file to no other project that was opened meanwhile', async () => {
    const { current, files } = await stores();
    const saved = files.save('browser');
    current.begin({ ...project, name: 'other' }, { file: null, isSaved: false });
    written();
    await saved;
    expect([current.file, current.isDirty]).toEqual([null, true]);
  });

  it('stays its owner’s where a window that only reads it saves a copy', async () => {
    const { current, files } = await stores();
    current.isReader = true;
    const saved = files.saveAs('copy', false);
    written();
    await saved;
    expect(calls).toContain('projects.saveAs');
    expect(calls).not.toContain('projects.forget');
    expect(current.file).toBe('/one.torchwright.json');
  });

  it('is saved otherwise, and what was kept against a crash goes', async () => {
    const { current, files } = await stores();
    const saved = files.save('browser');
    written();
    await saved;
    expect(current.isDirty).toBe(false);
    expect(calls).toContain('projects.forget');
  });
});

describe('a file that is opened', () => {
  const file = '/two.torchwright.json';
  const work = (key: string) => ({ key, file, name: key, text: serialiseProject({ ...project, name: key }), time: 1 });

  it.each([
    ['comes with the work that a window left unsaved when it was closed', [], 'left', true],
    ['is as it was saved while another window has that work', ['left'], 'saved', false],
  ] as const)('%s', async (_, held, name, isDirty) => {
    const { current, files } = await stores();
    answers = {
      'projects.open': { file, text: serialiseProject({ ...project, name: 'saved' }), notes: [] },
      'projects.held': held.map((key) => ({ ...work(key), holder: 'another', isAway: false, isSaved: false })),
      'projects.recover': [{ ...work('of another file'), file: '/three.torchwright.json' }, work('left')],
    };
    await files.load(file);
    expect([current.project?.name, current.file, current.isDirty]).toEqual([name, file, isDirty]);
  });
});
