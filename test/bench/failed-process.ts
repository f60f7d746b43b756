export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what it wrote to stderr. */
  readonly complaint: string;
}

/** Why a program gave no figures: how it ended, and the last line that it wrote. */
export function failedProcess(name: string, { code, signal, complaint }: Ended): string {
  const how = code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with exit code ${code}`;
  return `${name} ${how}${lastWords(complaint)}.`;
}

/** Node writes its version, and where in the source it was, around the error itself. */
function lastWords(complaint: string): string {
  const lines = complaint
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const error = lines.findLast((line) => /^\w*(Error|Exception)\b.*:/.test(line)) ?? lines.at(-1);
  return error === undefined ? '' : `: ${error.replace(/\.$/, '')}`;
}
