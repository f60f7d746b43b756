// `npm run baselines [-- layers python_code …]`: makes the numbers that the tests hold us to again, by Python PyTorch of
// libtorch's version in an environment of its own (that of `npm run bench`); without names all of them. By hand:
//
//   python3 -m venv ENVIRONMENT && ENVIRONMENT/bin/pip install torch==2.13.0 numpy onnxruntime safetensors
//   ENVIRONMENT/bin/python test/baselines/recipes.py
//
// Some minutes, exports of every recipe some more. What differs afterwards in the last digits comes of another
// processor's order of summation.
//
// `same_bytes` needs no Python and is only made where it is named: test/native/same-bytes.test.ts holds us to it.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { pythonWithTorch } from '../bench/python.ts';
import { measureSameBytes, writeSameBytes } from '../native/same-bytes/same-bytes.ts';

const scripts = [
  'layers',
  'layer_values',
  'python_code',
  'layer_exports',
  'exports',
  'losses',
  'optimizers',
  'schedules',
  'recipes',
  'averaging',
  'adversarial',
  'encoder',
  'explain',
  'fractional',
  'evaluation',
  'own_data',
  'precision',
  'loss_scale',
  'first_losses',
  'speed_runs',
];

/** What reads exports, with ONNX Runtime of the version that onnxruntime-web is, and what judges classifiers. */
const packages = ['onnxruntime==1.30.0', 'safetensors', 'scikit-learn', 'torchmetrics'];

const ownBytes = 'same_bytes';

const wanted = process.argv.slice(2);
const known = [...scripts, ownBytes];
const unknown = wanted.find((name) => !known.includes(name));
if (unknown !== undefined) fail(`There are no baselines called "${unknown}": ${known.join(', ')}.`, 2);
else {
  if (wanted.includes(ownBytes)) await writeSameBytes(await measureSameBytes());
  const named = wanted.filter((name) => name !== ownBytes);
  if (wanted.length === 0 || named.length > 0) await makeBaselines(wanted.length > 0 ? named : scripts);
}

async function makeBaselines(names: readonly string[]): Promise<void> {
  const python = await pythonWithTorch((text) => console.error(text), packages);
  if (python === null) return fail('Without it there are no new baselines.', 1);
  for (const name of names) {
    const code = await run(python, path.join(import.meta.dirname, `${name}.py`));
    if (code !== 0) return fail(`${name}.py ended with ${code}.`, 1);
  }
}

function run(python: string, script: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [script], { stdio: 'inherit', env: { ...process.env, NODE: process.execPath } });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function fail(sentence: string, code: number): void {
  console.error(sentence);
  process.exitCode = code;
}
