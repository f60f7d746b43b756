// `npm run check`: types, lint, format and the unit tests that reach what changed since main. For the minutes between
// two edits; `npm test` is what counts.

import { checks, runChecks } from './checks.mjs';
import { repositoryFolder } from './paths.mjs';
import { runTool } from './tool.mjs';

export async function checkChanges() {
  const since = await findMain();
  const unitTests = {
    title: `unit tests of what changed since ${since}`,
    program: 'vitest/vitest.mjs',
    args: ['run', '--changed', since, '--passWithNoTests', 'test/unit'],
  };
  const [lint, ...others] = checks;
  const failed = await runChecks([lint, unitTests, ...others], { isThorough: false });
  const count = checks.length + 1;
  process.stdout.write(failed === 0 ? `All ${count} checks are good.\n` : `${failed} of ${count} checks failed.\n`);
  return failed === 0 ? 0 : 1;
}

/** Where this branch left main; in a clone that has no main, the last commit. */
async function findMain() {
  for (const name of ['main', 'origin/main']) {
    const { code } = await runTool('git', ['rev-parse', '--verify', '--quiet', name], { cwd: repositoryFolder });
    if (code === 0) return name;
  }
  return 'HEAD';
}
