import { defineStore } from 'pinia';
import { watch } from 'vue';
import type { HeldDocument, OwnedDocument } from '../../../core/contract/projects.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import { useNotices } from '../../app/notices.ts';
import { useShell } from '../../app/shell-store.ts';
import { isConnected, workbench } from '../../app/workbench.ts';
import { useProject } from './project-store.ts';
import { readProject } from './read-project.ts';
import { documentBefore, rememberDocument, rememberWork, windowId, workBefore } from './window-id.ts';

/** Milliseconds. */
const ownerFirst = 3000;

/** Who may change the open project: one window owns it, the others read it as the owner leaves it. */
export const useHolding = defineStore('holding', () => {
  const current = useProject();
  const notices = useNotices();
  const shell = useShell();
  /** As the workbench had it last from this window. */
  let handedIn = '';
  /** How often another window took it over. */
  let losses = 0;

  function own(): HeldDocument | null {
    const { project, file, key, isDirty } = current;
    return project === null
      ? null
      : { key, file, name: project.name, text: serialiseProject(project), isSaved: !isDirty };
  }

  /** Hands in what this window has; `take` makes it the owner. */
  async function hold(take = false): Promise<void> {
    const document = own();
    if (document === null) return;
    const lossesBefore = losses;
    const wants = take || shell.shell === 'electron';
    const answer = await notices.attempt(() =>
      workbench.call('projects.hold', { ...document, holder: windowId, take: wants }),
    );
    if (answer === undefined || current.key !== document.key) return;
    // Another window took it while the answer was on its way; but who takes hears the owner hand over first.
    if (losses !== lossesBefore && !take) return;
    const isOurs = answer.isOwner && answer.document === null;
    if (isOurs) handedIn = document.text;
    else if (!answer.isOwner && !current.isReader && hasNewWork(document, answer.document)) {
      keepAsCopy();
      return;
    }
    if (answer.document !== null) show(answer.document);
    current.isReader = !answer.isOwner;
  }

  /** Work of this window that is not in the document of the one that owns it now. */
  function hasNewWork({ text, isSaved }: HeldDocument, owned: HeldDocument | null): boolean {
    return !isSaved && handedIn !== '' && text !== handedIn && text !== owned?.text;
  }

  function keepAsCopy(): void {
    const { project } = current;
    if (project === null) return;
    handedIn = '';
    current.isReader = false;
    current.begin({ ...project, name: `${project.name}-copy` }, { file: null, isSaved: false });
    notices.tell('Another window is now editing this project. Your last changes are kept in a copy here.');
  }

  /** Puts the owner's document in the place of what is shown. */
  function show({ key, file, text, isSaved }: HeldDocument): void {
    const read = readProject(text);
    if (!read.ok) return;
    handedIn = text;
    if (current.key === key) current.follow(read.project, { file, isSaved });
    else current.begin(read.project, { file, isSaved, key });
  }

  function hear(document: OwnedDocument): void {
    if (document.key !== current.key || document.holder === windowId) return;
    losses += 1;
    if (!current.isReader && hasNewWork(own()!, document)) keepAsCopy();
    else {
      show(document);
      current.isReader = true;
    }
  }

  /** Another document of the same content, which is this window's own. */
  function copy(): void {
    const { project } = current;
    if (project === null) return;
    current.isReader = false;
    current.begin({ ...project, name: `${project.name}-copy` }, { file: null, isSaved: false });
  }

  /** What this window showed before it was loaded again, or what another one shows: true if there is any. */
  async function rejoin(held: readonly OwnedDocument[]): Promise<boolean> {
    const before = documentBefore();
    const work = workBefore();
    const found =
      before === null ? held.find(({ holder }) => holder !== windowId) : held.find(({ key }) => key === before);
    const isMine = found === undefined || found.holder === windowId;
    const document = isMine && work !== null && work.key === before ? work : found;
    if (document === undefined) return false;
    show(document);
    await hold(found?.isAway ?? false);
    return true;
  }

  function begin(): void {
    addEventListener('pagehide', () => rememberWork(current.isReader ? null : own()));
    workbench.on('documentChanged', hear);
    workbench.on('documentWanted', ({ key }) => {
      if (key === current.key && !current.isReader) void hold();
    });
    workbench.on('documentLeft', ({ key }) => {
      if (key === current.key && current.isReader) void hold();
    });
    // Another server, or the same one after it was out of reach.
    watch(isConnected, (isBack) => {
      // Who only read it lets the owner come first.
      if (isBack) setTimeout(() => void hold(), current.isReader ? ownerFirst : 0);
    });
    watch(
      () => current.key,
      (key, before) => {
        if (before !== '')
          void workbench.call('projects.release', { key: before, holder: windowId }).catch(() => undefined);
        rememberDocument(key);
        handedIn = '';
        void hold();
      },
    );
    if (current.key !== '') rememberDocument(current.key);
  }

  return { hold, copy, rejoin, begin };
});
