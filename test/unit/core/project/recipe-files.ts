import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../../../../resources/recipes');

export const recipeNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => path.basename(file, '.json'));

export function recipeText(name: string): string {
  return readFileSync(path.join(folder, `${name}.json`), 'utf8');
}
