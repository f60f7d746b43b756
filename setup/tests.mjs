// `npm test`: data, types, lint, format, then all of test/. Ends with one line that counts.

import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { checks, runChecks } from './checks.mjs';
import { ensureElectron } from './electron.mjs';
import { buildFolder, nodeModulesFolder, projectNode, repositoryFolder } from './paths.mjs';
import { say } from './report.mjs';
import { ensureTestTools } from './system.mjs';
import { becomeTool } from './tool.mjs';
import { ensureWindow } from './window.mjs';

const resultsFile = path.join(buildFolder, 'test-results.json');

export async function runTests() {
  await becomeTool(projectNode, ['main/cli/main.ts', 'data', 'get', 'cifar10'], { cwd: repositoryFolder });
  await prepareWindow();
  const failedChecks = await runChecks(checks, { isThorough: true });
  const counts = await runVitest();
  const passed = counts.passed + checks.length - failedChecks;
  const failed = counts.failed + failedChecks;
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
