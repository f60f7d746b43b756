import type { Failure, ProposedSetting } from '../../core/failure.ts';
import { namedIn } from '../../core/network/module-name.ts';
import type { Project } from '../../core/project/project.ts';
import { publishedEvent } from '../../core/figures/published.ts';
import type { TrainingEvent } from '../../core/training/events.ts';
import { failureOf } from '../failures.ts';

/** Writes results to stdout, as text for people or as one JSON value a line. What goes wrong goes to stderr. */
export class Output {
  readonly isJson: boolean;
  /** A `runFailed` event was printed. */
  hasToldFailure = false;
  /** Whose modules failures are told by; null: none was opened. */
  project: Project | null = null;
  readonly #broken = new AbortController();

  constructor(isJson: boolean) {
    this.isJson = isJson;
    process.stdout.on('error', (error) => this.#broken.abort(error));
    // Nobody can be told that stderr is gone.
    process.stderr.on('error', () => undefined);
  }

  /** Aborts when stdout takes no more: its reader is gone, or its disk is full. */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  /** Why stdout is broken, unless only its reader went away. */
  get failure(): Failure | null {
    return this.#broken.signal.aborted ? failureOf(this.#broken.signal.reason, 'standard output') : null;
  }

  line(text = ''): void {
    if (!this.#broken.signal.aborted) process.stdout.write(`${text}\n`);
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  event(event: TrainingEvent): void {
    if (event.event === 'runFailed') this.hasToldFailure = true;
    this.json(publishedEvent(event));
  }

  /** Waits until everything is written; whether it could be is then known. */
  flush(): Promise<void> {
    return new Promise((resolve) => process.stdout.write('', () => resolve()));
  }

  /** For people, beside the results. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** One sentence with its place, and what to do. Modules are named as the window names them; the place is the file's. */
  failed(failure: Failure): void {
    const { message, at, advice, command, settings } = this.project === null ? failure : namedIn(this.project, failure);
    const place = at === undefined || message.includes(at) ? '' : ` (${at})`;
    this.note(`error: ${message}${place}`);
    if (advice !== undefined) this.note(`  ${advice}`);
    if (command !== undefined) this.note(`  ${command}`);
    if (settings !== undefined && settings.length > 0) this.note(`  Options: ${settings.map(optionOf).join(', or ')}`);
  }
}

/** As it is typed in a shell. */
function optionOf({ at, value }: ProposedSetting): string {
  const assignment = `${at}=${JSON.stringify(value)}`;
  const isPlain = /^[\w.=+-]+$/.test(assignment);
  return `--set ${isPlain ? assignment : `'${assignment.replaceAll("'", String.raw`'\''`)}'`}`;
}
