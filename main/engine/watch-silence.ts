import { readFile } from 'node:fs/promises';

/** What is watched: an engine process, or anything that can be ended. */
interface Watched {
  /** 0 where it could not be started. */
  readonly pid: Promise<number>;
  kill(): void;
}

export interface SilenceWatch {
  heard(): void;
  isSilent(): boolean;
  end(): void;
}

/** Milliseconds. An engine that has sent nothing at this many looks in a row, not even that it lives, hangs. */
export const lookEvery = 5000;
export const silentLooks = 12;

/**
 * Ends a process that hangs. Looks are counted, not time: a machine that slept has not made it silent. Nor has a machine
 * so busy that the process hardly comes to run, as a training of low priority beside a build: such looks do not count.
 */
export function watchSilence(watched: Watched, every = lookEvery, most = silentLooks): SilenceWatch {
  let looks = 0;
  let last = watched.pid.then(readMainThread);
  const look = async () => {
    const [before, now] = await Promise.all([last, (last = watched.pid.then(readMainThread))]);
    if (before !== null && now?.isReady && now.milliseconds - before.milliseconds < every / 2) return;
    looks += 1;
    if (looks === most) watched.kill();
  };
  const timer = setInterval(() => void look(), every);
  return { heard: () => (looks = 0), isSilent: () => looks >= most, end: () => clearInterval(timer) };
}

/** Of a process: what proc_pid_stat(5) says. */
interface MainThread {
  /** It runs, or would if it had a processor or what it reads from the disk. */
  readonly isReady: boolean;
  /** For which it has had a processor. */
  readonly milliseconds: number;
}

/** Null where the system does not tell. */
async function readMainThread(pid: number): Promise<MainThread | null> {
  const text = await readFile(`/proc/${pid}/task/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name before it, in parentheses, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { isReady: fields[0] === 'R' || fields[0] === 'D', milliseconds: ticks * millisecondsPerTick };
}

/** USER_HZ is 100 on every architecture of Linux that Node runs on. */
const millisecondsPerTick = 10;
