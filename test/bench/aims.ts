import { median } from '../../core/training/median.ts';

/** What a task should reach. Ratios are Python's time divided by ours; all of them are to be reached. */
export interface Aims {
  readonly usual?: number;
  readonly preloaded?: number;
  /** Our time of a step that is enough, whatever the ratios are. */
  readonly orMicroseconds?: number;
  /** An instruction set, by libtorch's name, without which nothing is aimed at. */
  readonly onlyWith?: string;
}

export interface Reached {
  /** Python's time divided by ours, of every round. */
  readonly ratios: Readonly<Partial<Record<'usual' | 'preloaded', readonly number[]>>>;
  readonly microseconds: number;
}

/** Null: this machine has no aim for the task. */
export function areAimsReached(
  { orMicroseconds, onlyWith, ...aims }: Aims,
  { ratios, microseconds }: Reached,
  instructions: readonly string[],
): boolean | null {
  if (onlyWith !== undefined && !instructions.includes(onlyWith)) return null;
  const wanted = [aims.usual, aims.preloaded].filter((aim) => aim !== undefined);
  if (wanted.length === 0 && orMicroseconds === undefined) return null;
  if (orMicroseconds !== undefined && microseconds <= orMicroseconds) return true;
  const reaches = (kind: 'usual' | 'preloaded', aim: number | undefined): boolean =>
    aim === undefined || median(ratios[kind] ?? []) >= aim;
  return wanted.length > 0 && reaches('usual', aims.usual) && reaches('preloaded', aims.preloaded);
}

/** As the documentation and the printed results have it. */
export function aimsInWords({ usual, preloaded, orMicroseconds, onlyWith }: Aims): string {
  const times = (aim: number, loop: string): string => `at least ${aim} times as fast as ${loop}`;
  const ratios =
    usual !== undefined && usual === preloaded
      ? [times(usual, 'either Python loop')]
      : [
          ...(usual === undefined ? [] : [times(usual, 'the usual Python loop')]),
          ...(preloaded === undefined ? [] : [times(preloaded, 'the preloaded Python loop')]),
        ];
  const all = ratios.join(' and ');
  const enough =
    orMicroseconds === undefined ? all : [`at most ${orMicroseconds} µs a step`, all].filter(Boolean).join(', or ');
  if (enough === '') return 'none';
  return onlyWith === undefined ? enough : `${enough}, on processors with ${onlyWith}`;
}
