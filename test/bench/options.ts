import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly isJson: boolean;
  /** Null: each task's own number. */
  readonly rounds: number | null;
  readonly threads: number;
  /** Null: all. */
  readonly names: readonly string[] | null;
}

export type ReadOptions =
  | { readonly kind: 'run'; readonly options: BenchOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly sentence: string };

/** `known`: the names of all tasks. */
export function readOptions(words: readonly string[], known: readonly string[]): ReadOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        rounds: { type: 'string' },
        threads: { type: 'string' },
        task: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return { kind: 'help' };
    const names = [...positionals, ...(values.task ?? [])];
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined) {
      return refused(`There is no task "${unknown}". Choose from: ${known.join(', ')}.`);
    }
    const rounds = wholeNumber('--rounds', values.rounds);
    const threads = wholeNumber('--threads', values.threads) ?? 2;
    return {
      kind: 'run',
      options: { isJson: values.json === true, rounds, threads, names: names.length > 0 ? names : null },
    };
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new TypeError(`${option} must be a whole number from 1, not "${text}".`);
  return Number(text);
}

function refused(sentence: string): ReadOptions {
  return { kind: 'refused', sentence: `${sentence} npm run bench -- --help lists the options.` };
}

export function usage(known: readonly string[]): string {
  return `Compare the engine with Python PyTorch on this machine, and measure the window.

Usage: npm run bench [-- [NAME …] [--rounds N] [--threads N] [--json]]

Without a NAME all tasks run, one after another. A task that cannot run is reported, and the others go on.

Tasks:
${known.map((name) => `  ${name}`).join('\n')}

Options:
  --rounds N   How often each task runs. Default: at least 5, its own number
  --threads N  Threads of both programs. Default: 2
  --json       Print all figures as one JSON value
  -h, --help   Show this help

Examples:
  npm run bench -- mnist-lstm
  npm run bench -- mnist-gan cifar10-fast --rounds 9

docs/bench.md says what each task measures and how to read the results.`;
}
