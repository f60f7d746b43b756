import { runInEngine } from '../../engine/engine-host.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { bytes, table } from '../format.ts';
import type { Output } from '../output.ts';

/** One line of the set-up program's findings (setup/doctor.mjs). */
interface Finding {
  readonly topic: string;
  readonly finding: string;
  readonly ok: boolean;
  readonly advice?: string | undefined;
}

export async function devices(output: Output): Promise<ExitCode> {
  const inspection = await runInEngine({ kind: 'inspect' }).result;
  if (output.isJson) {
    for (const device of inspection.devices) output.json(device);
    return exitCodes.done;
  }
  const columns = [
    { title: 'device', align: 'left' },
    { title: 'name', align: 'left' },
    { title: 'memory', align: 'right' },
    { title: 'free', align: 'right' },
  ] as const;
  const size = (value: number | null): string => (value === null ? '–' : bytes(value));
  const rows = inspection.devices.map((device) => [
    device.id,
    device.name,
    size(device.totalMemory),
    size(device.freeMemory),
  ]);
  for (const line of table(columns, rows)) output.line(line);
  return exitCodes.done;
}

/** What is installed, where, and what to do about what is wrong. */
export async function doctor(output: Output): Promise<ExitCode> {
  const { inspect } = (await import(new URL('../../../setup/doctor.mjs', import.meta.url).href)) as {
    readonly inspect: () => Promise<readonly Finding[]>;
  };
  const findings = await inspect();
  if (output.isJson) for (const finding of findings) output.json(finding);
  else {
    const width = Math.max(...findings.map(({ topic }) => topic.length));
    for (const { topic, finding, ok, advice } of findings) {
      output.line(`${ok ? 'ok ' : 'BAD'}  ${topic.padEnd(width)}  ${finding}`);
      if (!ok && advice !== undefined) output.line(`     ${' '.repeat(width)}  → ${advice}`);
    }
  }
  return findings.every(({ ok }) => ok) ? exitCodes.done : exitCodes.failed;
}
