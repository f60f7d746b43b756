import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { OpenedProject, RecipeDescription } from '../../../core/contract/projects.ts';
import type { Failure } from '../../../core/failure.ts';
import { knownData } from '../../../core/project/known-data.ts';
import { parseProject } from '../../../core/project/parse.ts';
import type { Project } from '../../../core/project/project.ts';
import { projectFacts } from '../../../core/project/project-facts.ts';
import type { NetworkName } from '../../../core/network/tree.ts';
import { summarise } from '../../../core/network/summarise.ts';
import { withoutForeignFigures } from '../../../core/editing/foreign-figures.ts';
import { isEqual } from '../../../core/editing/is-equal.ts';
import { useNotices } from '../../app/notices.ts';
import { useOwnData } from '../data/index.ts';
import { useDrafts } from './drafts-store.ts';
import { beginHistory, changed, redone, settled, undone } from './history.ts';
import type { History } from './history.ts';
import { nextStepOf } from './next-step.ts';
import { readProject } from './read-project.ts';
import type { ReadProject } from './read-project.ts';

/** The project being worked on: one immutable document with its history. */
export const useProject = defineStore('project', () => {
  const own = useOwnData();
  const notices = useNotices();
  const drafts = useDrafts();
  const history = shallowRef<History<Project> | null>(null);
  /** As it lies in the file; null: never saved. */
  const saved = shallowRef<Project | null>(null);
  const file = shallowRef<string | null>(null);
  /** Another window owns this project: here it is only read. */
  const isReader = shallowRef(false);
  /** Of this document in the autosave. */
  const key = shallowRef('');

  const project = computed(() => history.value?.present ?? null);
  /** Of two networks the one that is looked at. */
  const looked = shallowRef<NetworkName>('main');
  const shown = computed(() => (project.value?.networks[looked.value] === undefined ? 'main' : looked.value));
  const isDirty = computed(() => project.value !== null && project.value !== saved.value && !isReader.value);
  const canUndo = computed(() => !isReader.value && (drafts.canUndo || (history.value?.past.length ?? 0) > 0));
  const canRedo = computed(() => !isReader.value && (history.value?.future.length ?? 0) > 0);

  /** What a new project still lacks: it is asked for, not counted as a mistake. */
  const nextStep = computed(() => (project.value === null ? null : nextStepOf(project.value)));
  /** Everything that keeps it from being trained, as the command line would refuse it; first what is typed wrong. */
  const problems = computed<readonly Failure[]>(() => {
    if (project.value === null) return [];
    if (nextStep.value !== null) return drafts.failures;
    const resolution = shown.value === 'main' ? facts.value?.resolution : undefined;
    const result = parseProject(project.value, dataFacts.value, resolution);
    return [...drafts.failures, ...missingData.value, ...(result.ok ? [] : result.failures)];
  });
  /** Why it cannot be trained now: the first problem, or the next step. */
  const obstacle = computed(() => problems.value[0] ?? nextStep.value);
  const missingData = computed<readonly Failure[]>(() => {
    const { missing } = own;
    return missing !== null && missing.source === project.value?.data.source ? [missing.failure] : [];
  });
  const dataFacts = computed(() => {
    if (project.value === null) return null;
    const { data } = project.value;
    return knownData.get(data.source) ?? own.facts(data);
  });
  /** What flows through the network that is looked at; null while the shape of the data is not known. */
  const facts = computed(() => {
    if (project.value === null || dataFacts.value === null) return null;
    return projectFacts(project.value, dataFacts.value.inputShape, shown.value);
  });
  const summary = computed(() => (facts.value?.resolved ? summarise(facts.value.resolved) : null));

  /** Files come and go while the window is not looked at. */
  function checkData(): void {
    if (project.value !== null) void own.check(project.value.data);
  }
  watch(() => project.value?.data.source, checkData);
  watch(() => own.imported, checkData);

  function begin(document: Project, from: { file: string | null; isSaved: boolean; key?: string }): void {
    history.value = beginHistory(document);
    drafts.clear();
    // These are about the project before. Errors not read yet still count as such.
    own.report = null;
    notices.areErrorsOpen = false;
    isReader.value = false;
    saved.value = from.isSaved ? document : null;
    file.value = from.file;
    key.value = from.key ?? crypto.randomUUID();
  }

  /** To what the project's owner, another window, made of it. */
  function follow(document: Project, from: { file: string | null; isSaved: boolean }): void {
    if (history.value !== null && !isEqual(document, history.value.present)) move(beginHistory(document));
    saved.value = from.isSaved ? project.value : null;
    file.value = from.file;
  }

  function lookAt(network: NetworkName): void {
    looked.value = network;
  }

  function beginRecipe(recipe: RecipeDescription): void {
    begin(recipe.project, { file: null, isSaved: true });
  }

  function open(opened: OpenedProject): ReadProject {
    const read = readProject(opened.text);
    if (read.ok) begin(read.project, { file: opened.file, isSaved: true });
    return read;
  }

  function change(next: Project, about: string): void {
    if (history.value === null || next === history.value.present) return;
    if (isReader.value) {
      notices.tell('Another window edits this project. Press “Edit here” to change it.');
      return;
    }
    move(changed(history.value, withoutForeignFigures(history.value.present, next), about, Date.now()));
  }

  function undo(): void {
    if (drafts.undo()) return;
    if (history.value !== null) move(undone(history.value));
  }

  function redo(): void {
    if (history.value !== null) move(redone(history.value));
  }

  /** A field was left, or its text taken: the next change is one of its own. */
  function settle(): void {
    if (history.value !== null) history.value = settled(history.value);
  }

  /** To another state of the same document. */
  function move(to: History<Project>): void {
    if (history.value !== null) drafts.follow(history.value.present, to.present);
    history.value = to;
  }

  function markSaved(document: Project, savedTo: string): void {
    saved.value = document;
    file.value = savedTo;
  }

  return {
    ...{
      project,
      isReader,
      file,
      key,
      isDirty,
      canUndo,
      canRedo,
      problems,
      nextStep,
      obstacle,
      dataFacts,
      facts,
      summary,
      shown,
    },
    ...{ lookAt, checkData, begin, follow, beginRecipe, open, change, settle, undo, redo, markSaved },
  };
});
