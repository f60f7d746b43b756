// What the user sees of the set-up: words on standard error, so that standard output stays with the command.

/** Something that cannot be had. Its message is a sentence for the user that says what to do. */
export class SetupError extends Error {}

const isTerminal = Boolean(process.stderr.isTTY);

export function say(text) {
  process.stderr.write(`set-up: ${text}\n`);
}

/**
 * Runs a piece of work that takes noticeable time. `work` gets a function that replaces the detail shown, and returns
 * what is to be said at the end (or nothing, for just the time taken).
 */
export async function step(title, work) {
  const started = Date.now();
  let detail = '';
  let shown = Date.now();
  const line = () => `set-up: ${title}${detail ? `, ${detail}` : ''} (${duration(Date.now() - started)})`;
  if (!isTerminal) say(`${title} …`);
  // A terminal is redrawn each second; a log gets a line every half minute, so that silence never looks like a hang.
  const timer = setInterval(() => {
    if (isTerminal) process.stderr.write(`\r\x1b[K${line()}`);
    else if (Date.now() - shown > 30_000) {
      shown = Date.now();
      process.stderr.write(`${line()}\n`);
    }
  }, 1000);
  try {
    const { said, value } = (await work((text) => (detail = text))) ?? {};
    detail = said ?? '';
    clearInterval(timer);
    process.stderr.write(`${isTerminal ? '\r\x1b[K' : ''}${line()}\n`);
    return value;
  } finally {
    clearInterval(timer);
    if (isTerminal) process.stderr.write('\r\x1b[K');
  }
}

export function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}
