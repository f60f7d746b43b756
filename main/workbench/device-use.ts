import { execFile } from 'node:child_process';
import { cpus, freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { DeviceUse } from '../../core/contract/app.ts';

type Use = DeviceUse['devices'][number];

/** Milliseconds. */
const every = 1000;

/** Tells about once a second how busy the machine is. Returns how to end it. */
export function deviceUse(tell: (use: DeviceUse) => void): () => void {
  let before = cpuTimes();
  let hasGraphics = true;
  let timer: NodeJS.Timeout;
  let isEnded = false;
  const look = async (): Promise<void> => {
    const now = cpuTimes();
    const percent = now.all > before.all ? (100 * (now.busy - before.busy)) / (now.all - before.all) : null;
    before = now;
    const graphics = hasGraphics ? await graphicsUse() : [];
    hasGraphics = graphics !== null;
    if (isEnded) return;
    const cpu = { id: 'cpu', percent, usedMemory: totalmem() - freemem(), totalMemory: totalmem() };
    tell({ devices: [cpu, ...(graphics ?? [])] });
    timer = setTimeout(() => void look(), every);
  };
  timer = setTimeout(() => void look(), every);
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}

/** Milliseconds of all cores together. */
function cpuTimes(): { readonly busy: number; readonly all: number } {
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    const total = times.user + times.nice + times.sys + times.idle + times.irq;
    all += total;
    busy += total - times.idle;
  }
  return { busy, all };
}

/** Null: no NVIDIA driver here. */
async function graphicsUse(): Promise<readonly Use[] | null> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', [
      '--query-gpu=index,utilization.gpu,memory.used,memory.total',
      '--format=csv,noheader,nounits',
    ]);
    return stdout.trim().split('\n').map(graphicsLine);
  } catch {
    return null;
  }
}

/** `0, 35, 1024, 81559`: memory in MiB. */
function graphicsLine(line: string): Use {
  const [index = 0, percent = NaN, used = 0, total = 0] = line.split(',').map(Number);
  const mebibyte = 2 ** 20;
  return {
    id: `cuda:${index}`,
    percent: Number.isNaN(percent) ? null : percent,
    usedMemory: used * mebibyte,
    totalMemory: total * mebibyte,
  };
}
