// `npm test`: data, types, lint, format, then all of test/. Ends with one line that counts.

import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureElectron } from './electron.mjs';
import { buildFolder, nodeModulesFolder, projectNode, repositoryFolder } from './paths.mjs';
import { say, step } from './report.mjs';
import { ensureTestTools } from './system.mjs';
import { becomeTool, runTool } from './tool.mjs';
import { ensureWindow } from './window.mjs';

const resultsFile = path.join(buildFolder, 'test-results.json');

/** Each counts as one test. */
const checks = [
  { title: 'checking types', program: 'typescript/bin/tsc', args: ['-p', '.'] },
  { title: 'checking types of the window', program: 'vue-tsc/bin/vue-tsc.js', args: ['-p', 'renderer'] },
  { title: 'lint', program: 'eslint/bin/eslint.js', args: ['.'] },
  { title: 'checking the format', program: 'prettier/bin/prettier.cjs', args: ['--check', '--log-level=warn', '.'] },
  { title: 'checking the format of C++', script: 'setup/format-native.mjs', args: ['--check'] },
];

export async function runTests() {
  await becomeTool(projectNode, ['main/cli/main.ts', 'data', 'get', 'cifar10'], { cwd: repositoryFolder });
  await prepareWindow();
  const outcomes = [];
  for (const check of checks) outcomes.push(await runCheck(check));
  const counts = await runVitest();
  const passed = counts.passed + outcomes.filter(Boolean).length;
  const failed = counts.failed + outcomes.filter((outcome) => !outcome).length;
  process.stdout.write(`${passed} passed, ${failed} failed, ${counts.skipped} skipped\n`);
  return failed === 0 ? 0 : 1;
}

/** The built window and what it is tested with. Where that cannot be had, its tests are skipped and counted so. */
async function prepareWindow() {
  await ensureWindow();
  const problem = await ensureTestTools();
  if (problem !== null) say(problem);
  if (process.platform === 'linux') await ensureElectron();
}

async function runCheck({ title, program, script, args }) {
  return step(title, async () => {
    const file = program ? path.join(nodeModulesFolder, program) : path.join(repositoryFolder, script);
    const { code, output } = await runTool(projectNode, [file, ...args], { cwd: repositoryFolder });
    if (code !== 0) process.stdout.write(`${output}\n`);
    return { said: code === 0 ? 'good' : 'NOT good, see above', value: code === 0 };
  });
}

async function runVitest() {
  await mkdir(buildFolder, { recursive: true });
  await rm(resultsFile, { force: true });
  const program = path.join(nodeModulesFolder, 'vitest', 'vitest.mjs');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`];
  // As engine processes have it: two tests at once must not spin long against each other's threads.
  const env = { GOMP_SPINCOUNT: '5000', ...process.env };
  const code = await becomeTool(projectNode, [program, ...args], { cwd: repositoryFolder, env });
  const results = await readFile(resultsFile, 'utf8').then(JSON.parse, () => null);
  if (results === null) {
    say('vitest left no results');
    return { passed: 0, failed: 1, skipped: 0 };
  }
  // A file that cannot even be loaded has no tests that could fail.
  const broken = results.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = results.numFailedTests + broken.length;
  return {
    passed: results.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}
