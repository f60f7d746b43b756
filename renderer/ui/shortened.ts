/** Letters of a name in a table or a sentence, so that the figures beside it are seen; the whole name is its title. */
export const longestInRow = 20;

/** A text of at most so many letters: what is too much is left out in the middle, for names differ at their ends. */
export function shortened(text: string, most: number): string {
  const letters = Array.from(text);
  if (letters.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  return `${letters.slice(0, most - 1 - end).join('')}…${end === 0 ? '' : letters.slice(-end).join('')}`;
}
