import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/** Names one process for good: numbers are given again, but not with the same start. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When it started, in the system's own words; empty where the system does not tell. */
  readonly started: string;
}

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { host: hostname(), pid, started: (await startOf(pid)) ?? '' };
}

/** Whether that very process still runs. Of another machine nothing can be known: null. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean | null> {
  if (identity.host !== hostname()) return null;
  return (await startOf(identity.pid)) === identity.started;
}

/** Whether any process has this number now. */
export async function isRunning(pid: number): Promise<boolean> {
  return (await startOf(pid)) !== null;
}

/** Null: there is no such process. */
async function startOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return startOnLinux(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return null;
  }
  if (process.platform === 'win32') return '';
  const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.trim() || null;
}

async function startOnLinux(pid: number): Promise<string | null> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The name of the program stands in brackets and may hold spaces: count the fields behind it. 3 is the state, 22 the start in ticks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${boot.trim()} ${fields[19]}`;
  } catch {
    return null;
  }
}
