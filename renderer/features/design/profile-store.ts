import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { FailureError } from '../../../core/failure.ts';
import type { Failure } from '../../../core/failure.ts';
import type { Address } from '../../../core/network/address.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import { costlyText } from '../../../core/training/cost-facts.ts';
import type { ExplainedProfile } from '../../../core/training/explain-choices.ts';
import { stepParts } from '../../../core/training/step-profile.ts';
import type { PassTimes } from '../../../core/training/step-profile.ts';
import { milliseconds, shortPercent } from '../../app/format.ts';
import { useSettings } from '../../app/settings-store.ts';
import { workbench } from '../../app/workbench.ts';
import { useProject } from '../project/project-store.ts';
import { useTraining } from '../train/index.ts';
import { useDesign } from './design-store.ts';

/** What a module's time looks like and says. */
export interface Heat {
  /** Of the largest share that is drawn: 0 to 1. */
  readonly level: number;
  /** `12.3 %`. */
  readonly share: string;
  /** `1.23 ms forward, 2.46 ms backward, 12.3 % of the step`. */
  readonly words: string;
}

/** Where the time of a training step goes, as it lies over the drawing. */
export const useProfile = defineStore('profile', () => {
  const current = useProject();
  const design = useDesign();
  const training = useTraining();
  const settings = useSettings();
  const isOpen = shallowRef(false);
  const taken = shallowRef<{ readonly of: string; readonly profile: ExplainedProfile } | null>(null);
  /** Why the last one could not be taken. */
  const failure = shallowRef<Failure | null>(null);
  const running = shallowRef<string | null>(null);

  /** The same for projects whose steps take as long. */
  const subject = computed(() =>
    current.project === null ? '' : `${settings.settings.device} ${costlyText(current.project)}`,
  );
  const profile = computed(() => (isOpen.value && taken.value?.of === subject.value ? taken.value.profile : null));
  const times = computed(() => new Map(profile.value?.modules.map((module) => [module.address, module]) ?? []));
  /** Of what is drawn as a card: closed containers too, but not the frames, whose parts have colours of their own. */
  const largestShare = computed(() => {
    const cards = design.drawing?.modules.filter(({ kind }) => kind !== 'frame') ?? [];
    return Math.max(0, ...cards.map(({ address }) => shareOf(times.value.get(address))));
  });
  /** What keeps it from being taken now. */
  const obstacle = computed<Failure | null>(() => {
    if (current.obstacle !== null) return current.obstacle;
    if (!training.isLive) return null;
    const message = 'A training is running. A profile beside it would slow it down and measure wrong times.';
    return { code: 'unavailable', message, advice: 'Pause or stop the training first.' };
  });
  const parts = computed(() => profile.value?.parts.map((part) => ({ ...part, title: stepParts[part.part] })) ?? []);

  /** The overlay belongs to the network as it was measured. */
  watch([subject, () => current.key], () => close(), { flush: 'sync' });

  function shareOf(time: PassTimes | undefined): number {
    if (time === undefined || profile.value === null) return 0;
    return (time.forward + time.backward) / profile.value.seconds;
  }

  function heatOf(address: Address): Heat | undefined {
    const time = times.value.get(address);
    if (time === undefined) return undefined;
    const share = shareOf(time);
    const [forward, backward, percent] = [
      inMilliseconds(time.forward),
      inMilliseconds(time.backward),
      shortPercent(share),
    ];
    return {
      level: largestShare.value === 0 ? 0 : Math.min(1, share / largestShare.value),
      share: percent,
      words: `${forward} forward, ${backward} backward, ${percent} of the training step`,
    };
  }

  function show(): void {
    isOpen.value = true;
    failure.value = null;
    if (taken.value?.of !== subject.value) void take();
  }

  function close(): void {
    isOpen.value = false;
    failure.value = null;
    void cancel();
  }

  async function take(): Promise<void> {
    const { project } = current;
    if (project === null || running.value !== null || obstacle.value !== null) return;
    const id = crypto.randomUUID();
    const of = subject.value;
    running.value = id;
    failure.value = null;
    taken.value = null;
    const question = { profile: id, projectText: serialiseProject(project), device: settings.settings.device };
    try {
      const answer = await workbench.call('training.profile', question);
      if (running.value === id) taken.value = { of, profile: answer };
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      // Who cancelled it knows, or has started a training.
      if (running.value === id && error.failure.code !== 'cancelled') failure.value = error.failure;
      else if (running.value === id) isOpen.value = false;
    } finally {
      if (running.value === id) running.value = null;
    }
  }

  async function cancel(): Promise<void> {
    const id = running.value;
    if (id === null) return;
    running.value = null;
    await workbench.call('training.cancelProfile', { profile: id });
  }

  return {
    ...{ isOpen, profile, times, parts, largestShare, failure, obstacle },
    isRunning: computed(() => running.value !== null),
    ...{ heatOf, shareOf, show, close, take },
  };
});

/** 1.23 ms. */
export function inMilliseconds(seconds: number): string {
  return `${milliseconds(seconds)} ms`;
}
