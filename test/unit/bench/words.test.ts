import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { aimsInWords } from '../../bench/aims.ts';
import { compareRounds } from '../../bench/comparison.ts';
import { failedProcess } from '../../bench/failed-process.ts';
import { readOptions, usage } from '../../bench/options.ts';
import { comparisonLines, machineLine, problemLine } from '../../bench/report.ts';
import { findTask, tasks, titleOf } from '../../bench/tasks.ts';

const known = ['mnist-lstm', 'mnist-gan'];

describe('the options', () => {
  it('run all tasks in two threads when nothing is given', () => {
    const options = { isJson: false, rounds: null, threads: 2, names: null };
    expect(readOptions([], known)).toEqual({ kind: 'run', options });
  });

  it('take the tasks by name', () => {
    const words = ['mnist-gan', '--task', 'mnist-lstm', '--rounds', '7', '--threads', '1', '--json'];
    const options = { isJson: true, rounds: 7, threads: 1, names: ['mnist-gan', 'mnist-lstm'] };
    expect(readOptions(words, known)).toEqual({ kind: 'run', options });
  });

  it.each([['--help'], ['-h'], ['mnist-lstm', '--help']])('show help for %s', (...words) => {
    expect(readOptions(words, known)).toEqual({ kind: 'help' });
  });

  it.each([
    [['mnist-lst'], 'mnist-lst'],
    [['--task', 'mnist-lst'], 'mnist-lst'],
    [['--rounds', '0'], '--rounds'],
    [['--rounds', '1.5'], '--rounds'],
    [['--threads', 'two'], '--threads'],
    [['--fast'], '--fast'],
  ])('refuse %j and name the word', (words, named) => {
    const read = readOptions(words, known);
    if (read.kind !== 'refused') throw new Error('it was accepted');
    expect(read.sentence).toContain(named);
  });

  it('are all in the help, with every task', () => {
    const help = usage(known);
    for (const word of [...known, '--rounds', '--threads', '--json', '--help']) expect(help).toContain(word);
  });
});

describe('a failed process', () => {
  it('is reported with its exit code and the last line of Python', () => {
    const complaint =
      'Traceback (most recent call last):\n  File "loops.py"\nModuleNotFoundError: No module named "x"\n\n';
    const reason = failedProcess('Python', { code: 1, signal: null, complaint });
    expect(reason).toMatch(/^Python .*\b1\b.*ModuleNotFoundError: No module named "x"\.$/);
  });

  it("is reported with Node's error rather than its version", () => {
    const complaint = 'file.ts:3\n  throw it\n\nError: there is no task x\n    at file.ts:3\n\nNode.js v24.0.0\n';
    const reason = failedProcess('The engine', { code: 1, signal: null, complaint });
    expect(reason).toContain('there is no task x');
    expect(reason).not.toContain('Node.js');
  });

  it('is reported with its signal where it was ended', () => {
    const reason = failedProcess('Python', { code: null, signal: 'SIGKILL', complaint: '' });
    expect(reason).toContain('SIGKILL');
    expect(reason).not.toContain('null');
  });
});

describe('the results', () => {
  const measured = (secondsPerStep: number) => ({ secondsPerStep, peakBytes: 1e6 });
  const comparison = compareRounds(
    findTask('mnist-gan'),
    [{ engine: measured(1), preloaded: measured(2), 'usual, 0 workers': measured(4), 'usual, 2 workers': measured(3) }],
    [],
  );

  it('have every program, both ratios and the aim beside them', () => {
    const text = comparisonLines(comparison).join('\n');
    for (const part of ['n = 1', 'Torchwright', 'usual, 2 workers', '3.00', '2.00']) expect(text).toContain(part);
    expect(text).toContain(aimsInWords(findTask('mnist-gan').aims));
  });

  it('tell an aim that is reached from one that is not', () => {
    const last = (isReached: boolean | null) => comparisonLines({ ...comparison, isReached }).at(-1);
    expect(new Set([last(true), last(false), last(null)]).size).toBe(3);
  });

  it('name the processor with its vector units', () => {
    const machine = { processor: 'Some Processor', cpuCapability: 'AVX512', threads: 2, memoryMB: 100 };
    const line = machineLine({ ...machine, instructions: ['avx2', 'avx512_f', 'amx_bf16', 'rdpid'] });
    for (const part of ['Some Processor', 'AVX2', 'AVX-512', 'AMX BF16', '2 threads']) expect(line).toContain(part);
    expect(line).not.toContain('rdpid');
    expect(machineLine({ ...machine, instructions: [] })).not.toContain('()');
  });

  it('name a task that did not run, and why', () => {
    const line = problemLine({ task: 'mnist-gan', reason: 'No data.' });
    expect(line).toContain('mnist-gan');
    expect(line).toContain('No data.');
  });
});

describe('docs/bench.md', () => {
  it.each(tasks.map((task) => [titleOf(task), task] as const))('has the row of %s', async (title, task) => {
    const text = await readFile(new URL('../../../docs/bench.md', import.meta.url), 'utf8');
    const rows = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const row = rows.find((cells) => cells[1] === `\`${task.name}\`${title.slice(task.name.length)}`);
    expect(row?.[2]).toBe(task.step);
    expect(row?.[3]).toBe(aimsInWords(task.aims));
  });
});
