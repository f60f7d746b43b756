/**
 * `npm run attack [-- --inputs n --calls n --pairs n --kills n --minutes n --seed n]`: attacks servers started for that on
 * this machine alone. Ends with an error where one died, a file was damaged, or something outside the home was reached.
 */
import { parseArgs } from 'node:util';
import { attack } from './attack.ts';

const standard = { inputs: '1000000', calls: '100000', pairs: '200', kills: '100', minutes: '30', seed: '7' };
const options = Object.fromEntries(
  Object.entries(standard).map(([name, value]) => [name, { type: 'string', default: value } as const]),
);
const { values } = parseArgs({ options });
const number = (name: keyof typeof standard): number => Number(values[name]);

const began = performance.now();
const found = await attack({
  inputs: number('inputs'),
  calls: number('calls'),
  pairs: number('pairs'),
  kills: number('kills'),
  minutes: number('minutes'),
  seed: number('seed'),
  say: (line) => console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}`),
});
for (const mistake of found.called.mistakes) console.log(`mistake: ${mistake}`);
if (found.complaint !== '') console.log(`stderr: ${found.complaint}`);
const corrupt = found.saved.corrupt + found.killed.corrupt.length;
console.log(`${found.deaths} deaths, ${corrupt} corrupt files`);
const isGood =
  found.deaths === 0 &&
  corrupt === 0 &&
  found.isAlive &&
  found.isSecretKept &&
  found.isHomeKept &&
  found.killed.left.length === 0;
process.exit(isGood && found.called.mistakes.length === 0 && found.called.lost === 0 ? 0 : 1);
