import { FailureError } from '../../../core/failure.ts';
import type { Failure } from '../../../core/failure.ts';
import { runInEngine } from '../../engine/engine-host.ts';
import type { EngineInspection } from '../../engine/messages.ts';
import { cacheFolder, homeFolder } from '../../paths.ts';
import { defaultThreads } from '../../threads.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { bytes, table } from '../format.ts';
import type { Output } from '../output.ts';

/** One line of the set-up program's findings (setup/doctor.mjs). */
interface Finding {
  readonly topic: string;
  readonly finding: string;
  readonly ok: boolean;
  readonly advice?: string;
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
  const findings = [...(await inspect()), ...(await engineFindings()), ...(await ownFindings())];
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

async function engineFindings(): Promise<Finding[]> {
  const inspection = await runInEngine({ kind: 'inspect' }).result.catch((error: unknown): Failure => {
    if (error instanceof FailureError) return error.failure;
    throw error;
  });
  if ('code' in inspection) {
    const { message, advice } = inspection;
    return [{ topic: 'engine', finding: message, ok: false, ...(advice === undefined ? {} : { advice }) }];
  }
  return [
    { topic: 'engine', finding: `${inspection.file} with ${versionText(inspection)}`, ok: true },
    ...inspection.devices.map(({ id, name }) => ({ topic: 'device', finding: `${id}: ${name}`, ok: true })),
  ];
}

function versionText({ versions }: EngineInspection): string {
  const cuda = versions.cuda === null ? 'without CUDA' : `CUDA ${versions.cuda}`;
  return `libtorch ${versions.libtorch}, ${cuda}, ${versions.cpuCapability}, OpenMP ${versions.openmp ? 'on' : 'off'}`;
}

async function ownFindings(): Promise<Finding[]> {
  return [
    { topic: 'threads', finding: String(await defaultThreads()), ok: true },
    { topic: 'runs', finding: homeFolder(), ok: true },
    { topic: 'cache', finding: cacheFolder(), ok: true },
  ];
}
