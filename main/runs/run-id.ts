import { randomInt } from 'node:crypto';

/** `mnist-conv-20261121-101500-k3f`: the project's name, the local time, three signs against collision. */
export function makeRunId(projectName: string, now: Date): string {
  const name =
    plainLetters(projectName)
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 40)
      .replace(/^-+|-+$/g, '') || 'run';
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const signs = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const tail = [0, 1, 2].map(() => signs[randomInt(signs.length)]).join('');
  return `${name}-${date}-${time}-${tail}`;
}

const ligatures: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd' };

/** Größe as grosse, Été as ete: letters with marks lose only these. */
function plainLetters(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæœøłđ]/g, (letter) => ligatures[letter]!);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** Ids come from users: nothing else may become part of a path. */
export function isRunId(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]*$/.test(text);
}
