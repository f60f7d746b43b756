import { FailureError, failureCodes } from '../core/failure.ts';
import type { Failure, FailureCode } from '../core/failure.ts';

/** Makes the Failure of whatever was thrown. `file` is named where the error itself names no place. Null: a mistake of ours. */
export function failureOf(error: unknown, file?: string): Failure | null {
  if (error instanceof FailureError) return error.failure;
  if (!(error instanceof Error)) return null;
  const code = textField(error, 'code');
  if (code !== undefined && isFailureCode(code)) return ofEngine(code, error);
  return ofSystem(code, textField(error, 'path') ?? file, error);
}

export function fail(code: FailureCode, message: string, rest: Omit<Failure, 'code' | 'message'> = {}): never {
  throw new FailureError({ code, message, ...rest });
}

/** Runs work on a file or folder; an error of the system becomes a FailureError that names it. */
export async function withFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const failure = failureOf(error, file);
    if (failure === null || error instanceof FailureError) throw error;
    throw new FailureError(failure);
  }
}

export function isErrorWithCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes(textField(error, 'code') ?? '');
}

function ofEngine(code: FailureCode, error: Error): Failure {
  const at = textField(error, 'at');
  return { code, message: error.message, ...(at ? { at } : {}) };
}

function ofSystem(code: string | undefined, file: string | undefined, error: Error): Failure | null {
  const at = file === undefined ? {} : { at: file };
  const place = file ?? 'a file';
  switch (primaryCode(code)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
    // The file shared between processes could not be made to its size.
    case 'SQLITE_IOERR_SHMSIZE':
      return {
        code: 'noSpace',
        message: `The disk is full: ${place} could not be written.`,
        ...at,
        advice: 'Free some space, or set TORCHWRIGHT_HOME (runs) or TORCHWRIGHT_CACHE (data) to another folder.',
      };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_IOERR':
      return {
        code: 'notWritable',
        message: `${place} cannot be opened or written (${code ?? error.message}).`,
        ...at,
        advice: 'Check its permissions, or set TORCHWRIGHT_HOME (runs) or TORCHWRIGHT_CACHE (data) to another folder.',
      };
    case 'EISDIR':
      return { code: 'badUsage', message: `${place} is a folder; a file is needed.`, ...at };
    case 'ENAMETOOLONG':
      return {
        code: 'badUsage',
        message: `The path ${shortened(place)} is too long for this system.`,
        ...at,
        advice: 'Use shorter file and folder names.',
      };
    case 'ELOOP':
      return { code: 'badUsage', message: `${place} is a symbolic link that leads back to itself.`, ...at };
    case 'EEXIST':
      return { code: 'inUse', message: `${place} already exists.`, ...at };
    case 'EMFILE':
    case 'ENFILE':
      return {
        code: 'unavailable',
        message: `${place} cannot be opened: the system allows no more open files (${code}).`,
        ...at,
        advice: 'Close other programs, or raise the limit (ulimit -n).',
      };
    case 'ENOENT':
      return { code: 'notFound', message: `${place} does not exist.`, ...at };
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return { code: 'inUse', message: `${place} is locked by another process. Try again in a moment.`, ...at };
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return {
        code: 'badData',
        message: `${place} is damaged (${error.message}).`,
        ...at,
        advice: 'Move the file away: Torchwright creates a new one, and the folders of the runs stay.',
      };
    default:
      // Any other word of the system on a file: a broken disk, a device, a network folder that is gone.
      if (textField(error, 'syscall') === undefined || textField(error, 'path') === undefined) return null;
      return { code: 'notWritable', message: `${place} cannot be read or written (${code ?? error.message}).`, ...at };
  }
}

function shortened(file: string): string {
  return file.length <= 200 ? file : `${file.slice(0, 100)}…${file.slice(-60)}`;
}

/** SQLite refines its codes: `SQLITE_BUSY_SNAPSHOT` is a kind of `SQLITE_BUSY`. */
function primaryCode(code: string | undefined): string | undefined {
  if (code === 'SQLITE_IOERR_SHMSIZE') return code;
  return /^SQLITE_[A-Z]+/.exec(code ?? '')?.[0] ?? code;
}

function textField(error: Error, name: 'code' | 'at' | 'path' | 'syscall'): string | undefined {
  const value = (error as unknown as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isFailureCode(code: string): code is FailureCode {
  return (failureCodes as readonly string[]).includes(code);
}
