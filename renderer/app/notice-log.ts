import type { Failure } from '../../core/failure.ts';

export interface LoggedError {
  readonly id: number;
  readonly code: Failure['code'];
  readonly message: string;
  readonly advice?: string;
  /** The file, or the place in the project, that it is about. */
  readonly at?: string;
  /** Key of the project whose modules and settings it may name; null: it names those of a file. */
  readonly document: string | null;
  /** Of the last time, milliseconds since 1970. */
  readonly time: number;
  /** How often it was reported. */
  readonly times: number;
  readonly isRead: boolean;
}

/** Older ones go. */
const mostKept = 50;

/** Newest first; the same error again counts up and is unread again. */
export function withError(
  log: readonly LoggedError[],
  { code, message, advice, at }: Failure,
  { id, time, document }: Pick<LoggedError, 'id' | 'time' | 'document'>,
): readonly LoggedError[] {
  const before = log.find((error) => error.message === message);
  const times = (before?.times ?? 0) + 1;
  const error = {
    id: before?.id ?? id,
    code,
    message,
    ...(advice === undefined ? {} : { advice }),
    ...(at === undefined ? {} : { at }),
    document,
    time,
    times,
    isRead: false,
  };
  return [error, ...log.filter((other) => other !== before)].slice(0, mostKept);
}

export function allRead(log: readonly LoggedError[]): readonly LoggedError[] {
  return log.map((error) => (error.isRead ? error : { ...error, isRead: true }));
}
