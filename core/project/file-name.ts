/** Characters of a project file's name. */
const mostCharacters = 100;

/** On every system: without separators, characters that Windows forbids, and dots or spaces where they would be lost. */
export function isFileName(name: string): boolean {
  return allowed.test(name) && !/^[.\s]|[.\s]$/u.test(name);
}

const allowed = new RegExp(String.raw`^[^\p{C}/\\:*?"<>|]{1,${mostCharacters}}$`, 'u');

/** The name that comes nearest to what a project is called. */
export function asFileName(name: string): string {
  if (isFileName(name)) return name;
  const written = name.replace(/[\p{C}/\\:*?"<>|\s]+/gu, (marks) => (/\s/.test(marks) ? ' ' : '-'));
  const short = Array.from(written.replace(/^[.\s-]+/u, '')).slice(0, mostCharacters);
  return short.join('').replace(/[.\s-]+$/u, '') || 'project';
}
