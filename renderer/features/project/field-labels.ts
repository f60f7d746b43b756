import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { Options } from '../../../core/catalogue/declare.ts';
import { lossTypes } from '../../../core/catalogue/losses/losses.ts';
import { optimizerTypes } from '../../../core/catalogue/optimizers/optimizers.ts';
import { scheduleTypes } from '../../../core/catalogue/schedules/schedules.ts';
import { fieldAt } from './field-path.ts';

/** What the forms call the fields of the project, of those that were shown so far. */
export const useFieldLabels = defineStore('fieldLabels', () => {
  const labels = shallowReactive(new Map<string, string>());

  function remember(at: string, label: string): void {
    labels.set(at, label);
  }

  return { labels, remember };
});

const setting = /\b(?:recipe|data)(?:\.[a-zA-Z]\w*|\[\d+\])+/g;

/** `Train › Rate` for `recipe.schedule.rate`; the place alone where no form has shown the field. */
export function settingName(labels: ReadonlyMap<string, string>, at: string): string {
  const place = at.startsWith('data') ? 'Data' : 'Train';
  const label = labelOf(labels, at);
  return label === undefined ? place : `${place} › ${label}`;
}

/**
 * A setting of a document as `settingName` has it; where no form has shown it, by what the catalogue calls the option,
 * or by the words of its place: `Train › Averaging › Decay`.
 */
export function settingTitle(labels: ReadonlyMap<string, string>, at: string, document: unknown): string {
  const [first = '', ...steps] = at.replace(/\.(?:type|kind|method)$/, '').split('.');
  const place = { recipe: 'Train', data: 'Data' }[first];
  const label = labelOf(labels, at) ?? declaredLabel(at, document);
  const names = label === undefined ? steps.filter((step) => step !== 'import').map(wordsOf) : [label];
  return [place ?? wordsOf(first), ...names].join(' › ');
}

/** What the catalogue calls an option of a loss, a schedule or an optimizer. */
function declaredLabel(at: string, document: unknown): string | undefined {
  const [, owner, kind, name] = /^(recipe\.(\w+))\.(\w+)$/.exec(at) ?? [];
  if (owner === undefined || kind === undefined || name === undefined) return undefined;
  const types: readonly { readonly type: string; readonly options: Options }[] = /optimizer$/i.test(kind)
    ? optimizerTypes
    : /schedule$/i.test(kind)
      ? scheduleTypes
      : kind === 'loss'
        ? lossTypes
        : [];
  const type = fieldAt(document, `${owner}.type`);
  return types.find((each) => each.type === type)?.options[name]?.label;
}

/** `phases[1]` as "Phases 2", `batchSize` as "Batch size". */
function wordsOf(step: string): string {
  const words = step
    .replace(/\[(\d+)\]/g, (_, index) => ` ${Number(index) + 1}`)
    .replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A sentence in which settings are called what the forms call them. */
export function withSettingNames(labels: ReadonlyMap<string, string>, sentence: string): string {
  return sentence.replaceAll(setting, (at) => labelOf(labels, at) ?? at);
}

/** The choice of a kind, such as the loss, stands for the object that it makes. */
function labelOf(labels: ReadonlyMap<string, string>, at: string): string | undefined {
  return labels.get(at) ?? labels.get(at.replace(/\.(?:type|kind|method)$/, ''));
}
