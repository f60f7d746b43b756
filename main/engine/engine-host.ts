import { fork } from 'node:child_process';
import path from 'node:path';
import { FailureError } from '../../core/failure.ts';
import type { EngineJob, EngineResults, FromEngine, JobReport, ToEngine } from './messages.ts';
import { lookEvery, silentLooks, watchSilence } from './watch-silence.ts';

/** The way to an engine process: a forked Node here, a utility process in Electron. */
export interface EnginePort {
  /** 0 where it could not be started. */
  readonly pid: Promise<number>;
  post(message: ToEngine): void;
  onMessage(listener: (message: FromEngine) => void): void;
  /** Once, after the last message. `detail` says how: an exit code or a signal. */
  onExit(listener: (exit: EngineExit) => void): void;
  kill(): void;
}

export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what it wrote to stderr. */
  readonly complaint: string;
}

export type OpenEngine = () => EnginePort;

export interface EngineRun<Kind extends EngineJob['kind']> {
  readonly pid: Promise<number>;
  /** Settles when the process is gone. Rejects with a FailureError; `engineCrashed` where it died without an answer. */
  readonly result: Promise<EngineResults[Kind]>;
  /** Anything but the job itself. */
  post(message: ToEngine): void;
  /** At once; what was not saved is lost. */
  kill(): void;
}

const complaintLength = 4000;

/**
 * OpenMP's threads wait for each other by spinning, then by sleeping. Spinning for long takes the core from the very
 * thread that is waited for as soon as there is one busy neighbour (a browser, a build); sleeping at once costs a
 * quiet machine. A step of `mnist-logit` on two cores: 16 ms with the runtime's own spinning beside a busy neighbour,
 * .9 ms asleep at once and .23 ms with this many spins on a quiet machine.
 */
export function engineEnvironment(): NodeJS.ProcessEnv {
  return { GOMP_SPINCOUNT: '5000', ...process.env };
}

export function forkEngine(): EnginePort {
  const child = fork(path.join(import.meta.dirname, 'engine-process.ts'), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: engineEnvironment(),
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-complaintLength);
  });
  return {
    pid: Promise.resolve(child.pid ?? 0),
    post: (message) => {
      // A process that just died cannot be told anything: its exit says so.
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      child.on('error', (error) => listener({ code: null, signal: null, complaint: error.message }));
      child.on('close', (code, signal) => listener({ code, signal, complaint }));
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Has an engine process of its own do a job. */
export function runInEngine<Job extends EngineJob>(
  job: Job,
  onReport: (report: JobReport) => void = () => undefined,
  port: EnginePort = forkEngine(),
): EngineRun<Job['kind']> {
  const result = new Promise<EngineResults[Job['kind']]>((resolve, reject) => {
    let answer: Extract<FromEngine, { type: 'result' | 'failed' }> | null = null;
    const watch = watchSilence(port);
    port.onMessage((message) => {
      watch.heard();
      switch (message.type) {
        case 'alive':
          return;
        case 'result':
        case 'failed':
          answer = message;
          port.post({ type: 'end' });
          return;
        default:
          onReport(message);
      }
    });
    port.onExit((exit) => {
      watch.end();
      if (answer === null) reject(new EngineCrash(exit, watch.isSilent()));
      else if (answer.type === 'failed') reject(new FailureError(answer.failure));
      else resolve(answer.result as EngineResults[Job['kind']]);
    });
  });
  port.post({ type: 'job', job });
  return { pid: port.pid, result, post: (message) => port.post(message), kill: () => port.kill() };
}

/** The engine process died before it answered. */
export class EngineCrash extends FailureError {
  /** The end of what it wrote to stderr. */
  readonly complaint: string;

  constructor(exit: EngineExit, wasSilent: boolean) {
    super(wasSilent ? hang(exit) : crash(exit));
    this.complaint = exit.complaint;
  }
}

function hang({ complaint }: EngineExit): FailureError['failure'] {
  const seconds = (lookEvery * silentLooks) / 1000;
  return {
    code: 'engineCrashed',
    message: `The engine process did not respond for ${seconds} seconds and was ended.${lastWords(complaint)}`,
    advice: 'Everything saved so far is kept.',
  };
}

function crash({ code, signal, complaint }: EngineExit): FailureError['failure'] {
  const how = signal === null ? `with code ${code ?? 'unknown'}` : `by signal ${signal}`;
  const memory = signal === 'SIGKILL' ? ' It may have run out of memory: try a smaller batch size.' : '';
  return {
    code: 'engineCrashed',
    message: `The engine process ended ${how} before it answered.${lastWords(complaint)}`,
    advice: `Everything saved so far is kept. Check the installation with \`torchwright doctor\`.${memory}`,
  };
}

function lastWords(complaint: string): string {
  const words = complaint.trim().split('\n').slice(-5).join(' | ');
  return words === '' ? '' : ` Its last output: ${words}`;
}
