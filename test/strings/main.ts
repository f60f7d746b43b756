// `npm run strings`: every string that users read, by kind, with file and line, on standard output.
import { fileURLToPath } from 'node:url';
import { kinds, userStrings } from './extract.ts';

const strings = await userStrings(fileURLToPath(new URL('../..', import.meta.url)));
for (const kind of kinds) {
  const ofKind = strings.filter((string) => string.kind === kind);
  process.stdout.write(`\n# ${kind}: ${ofKind.length}\n`);
  for (const { file, line, text } of ofKind) process.stdout.write(`${file}:${line}\t${text}\n`);
}
