import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { OpenedProject, RecipeDescription } from '../../../core/contract/projects.ts';
import { knownData } from '../../../core/project/known-data.ts';
import { parseProject } from '../../../core/project/parse.ts';
import type { Project } from '../../../core/project/project.ts';
import { projectFacts } from '../../../core/project/project-facts.ts';
import type { NetworkName } from '../../../core/network/tree.ts';
import { summarise } from '../../../core/network/summarise.ts';
import { useOwnData } from '../data/own-data-store.ts';
import { beginHistory, changed, redone, undone } from './history.ts';
import type { History } from './history.ts';
import { readProject } from './read-project.ts';
import type { ReadProject } from './read-project.ts';

/** The project being worked on: one immutable document with its history. */
export const useProject = defineStore('project', () => {
  const own = useOwnData();
  const history = shallowRef<History<Project> | null>(null);
  /** As it lies in the file; null: never saved. */
  const saved = shallowRef<Project | null>(null);
  const file = shallowRef<string | null>(null);
  /** Of this document in the autosave. */
  const key = shallowRef('');

  const project = computed(() => history.value?.present ?? null);
  /** Of two networks the one that is looked at. */
  const looked = shallowRef<NetworkName>('main');
  const shown = computed(() => (project.value?.networks[looked.value] === undefined ? 'main' : looked.value));
  const isDirty = computed(() => project.value !== null && project.value !== saved.value);
  const canUndo = computed(() => (history.value?.past.length ?? 0) > 0);
  const canRedo = computed(() => (history.value?.future.length ?? 0) > 0);

  const problems = computed(() => {
    if (project.value === null) return [];
    const result = parseProject(project.value, shown.value === 'main' ? facts.value?.resolution : undefined);
    return result.ok ? [] : result.failures;
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

  function begin(document: Project, from: { file: string | null; isSaved: boolean; key?: string }): void {
    history.value = beginHistory(document);
    saved.value = from.isSaved ? document : null;
    file.value = from.file;
    key.value = from.key ?? crypto.randomUUID();
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
    history.value = changed(history.value, next, about, Date.now());
  }

  function undo(): void {
    if (history.value !== null) history.value = undone(history.value);
  }

  function redo(): void {
    if (history.value !== null) history.value = redone(history.value);
  }

  function markSaved(document: Project, savedTo: string): void {
    saved.value = document;
    file.value = savedTo;
  }

  return {
    ...{ project, file, key, isDirty, canUndo, canRedo, problems, dataFacts, facts, summary, shown },
    ...{ lookAt, begin, beginRecipe, open, change, undo, redo, markSaved },
  };
});
