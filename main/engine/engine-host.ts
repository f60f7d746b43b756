import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FailureError } from '../../core/failure.ts';
import type { EngineJob, EngineResults, FromEngine, ToEngine, TrainingReport } from './messages.ts';

/** The way to an engine process: a forked Node here, a utility process in Electron. */
export interface EnginePort {
  readonly pid: number;
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

export interface EngineRun<Kind extends EngineJob['kind']> {
  readonly pid: number;
  /** Settles when the process is gone. Rejects with a FailureError; `engineCrashed` where it died without an answer. */
  readonly result: Promise<EngineResults[Kind]>;
  /** Finish the step, save, end. */
  stop(): void;
  /** At once; what was not saved is lost. */
  kill(): void;
}

const complaintLength = 4000;

/**
 * OpenMP's threads must not spin while they wait for each other: beside one busy neighbour (a browser, a build) the
 * spinning takes the core from the very thread that is waited for. Measured on two busy cores: a step of
 * `mnist-logit` 16 ms with spinning, .6 ms without.
 */
export function engineEnvironment(): NodeJS.ProcessEnv {
  return { OMP_WAIT_POLICY: 'passive', ...process.env };
}

export function forkEngine(): EnginePort {
  const child = fork(fileURLToPath(new URL('engine-process.ts', import.meta.url)), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: engineEnvironment(),
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-complaintLength);
  });
  return {
    pid: child.pid ?? 0,
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
  onReport: (report: TrainingReport) => void = () => undefined,
  port: EnginePort = forkEngine(),
): EngineRun<Job['kind']> {
  const result = new Promise<EngineResults[Job['kind']]>((resolve, reject) => {
    let answer: Extract<FromEngine, { type: 'result' | 'failed' }> | null = null;
    port.onMessage((message) => {
      if (message.type === 'result' || message.type === 'failed') answer = message;
      else onReport(message);
    });
    port.onExit((exit) => {
      if (answer === null) reject(new FailureError(crash(exit)));
      else if (answer.type === 'failed') reject(new FailureError(answer.failure));
      else resolve(answer.result as EngineResults[Job['kind']]);
    });
  });
  port.post({ type: 'job', job });
  return { pid: port.pid, result, stop: () => port.post({ type: 'stop' }), kill: () => port.kill() };
}

function crash({ code, signal, complaint }: EngineExit): FailureError['failure'] {
  const how = signal === null ? `with code ${code ?? 'unknown'}` : `by signal ${signal}`;
  const lastWords = complaint.trim().split('\n').slice(-5).join(' | ');
  const memory = signal === 'SIGKILL' ? ' It may have been stopped for want of memory: try a smaller batch size.' : '';
  return {
    code: 'engineCrashed',
    message: `The engine process ended ${how} before it had answered.${lastWords ? ` Its last words: ${lastWords}` : ''}`,
    advice: `What was saved is kept; \`torchwright doctor\` checks the installation.${memory}`,
  };
}
