// The checks that need no engine: types, lint, format, what nobody uses. They run in parallel, with caches under build/checks, for
// `npm run check` and `npm test`.

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { buildFolder, nodeModulesFolder, projectNode, repositoryFolder } from './paths.mjs';
import { duration, step } from './report.mjs';
import { runTool } from './tool.mjs';

const cacheFolder = path.join(buildFolder, 'checks');
const lintCache = path.join(cacheFolder, 'eslint.json');
const lintStamp = path.join(cacheFolder, 'eslint-stamp');
const lintInputs = 'core main preload renderer test setup eslint.config.js tsconfig.json package-lock.json'.split(' ');

const incremental = (name) => ['--incremental', '--tsBuildInfoFile', path.join(cacheFolder, name)];
const cachedByContent = (file) => ['--cache', '--cache-strategy', 'content', '--cache-location', file];

/** The longest first. Each counts as one test in `npm test`. */
export const checks = [
  { title: 'lint', program: 'eslint/bin/eslint.js', args: [...cachedByContent(lintCache), '.'] },
  {
    title: 'types of the window',
    program: 'vue-tsc/bin/vue-tsc.js',
    args: ['-p', 'renderer', ...incremental('window.tsbuildinfo')],
  },
  { title: 'types', program: 'typescript/bin/tsc', args: ['-p', '.', ...incremental('types.tsbuildinfo')] },
  {
    title: 'format',
    program: 'prettier/bin/prettier.cjs',
    args: ['--check', '--log-level=warn', ...cachedByContent(path.join(cacheFolder, 'prettier.json')), '.'],
  },
  { title: 'unused files, exports and packages', program: 'knip/bin/knip.js', args: ['--no-progress'] },
  { title: 'format of C++', script: 'setup/format-native.mjs', args: ['--check'] },
];

/**
 * Runs the given checks and prints a line for each, with the output of those that fail. Returns how many failed.
 *
 * ESLint caches per file, but its rules about types read other files too. `isThorough` therefore takes the cache of
 * lint only where no source at all has changed since it was made whole.
 */
export async function runChecks(chosen, { isThorough }) {
  await mkdir(cacheFolder, { recursive: true });
  const sources = await stampOf(lintInputs);
  const isLintCacheWhole = (await readFile(lintStamp, 'utf8').catch(() => null)) === sources;
  if (!isLintCacheWhole) {
    await rm(lintStamp, { force: true });
    if (isThorough) await rm(lintCache, { force: true });
  }
  const outcomes = await step(`checking ${chosen.map(({ title }) => title).join(', ')}`, async (show) => {
    const value = await runInParallel(chosen, show);
    const failed = value.filter(({ isGood }) => !isGood).length;
    return { said: failed === 0 ? 'all good' : `${failed} NOT good`, value };
  });
  if (isThorough && (await stampOf(lintInputs)) === sources) await writeFile(lintStamp, sources);
  for (const { title, isGood, milliseconds, output } of outcomes) {
    process.stdout.write(`${isGood ? 'good    ' : 'NOT good'}  ${title} (${duration(milliseconds)})\n`);
    if (!isGood) process.stdout.write(`${output.trimEnd()}\n`);
  }
  return outcomes.filter(({ isGood }) => !isGood).length;
}

/** As many at once as there are cores, at least two. The outcomes come in the order of the checks. */
async function runInParallel(chosen, show) {
  const waiting = chosen.map((check, index) => ({ ...check, index }));
  const running = new Set();
  const outcomes = [];
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      running.add(check.title);
      show(`now ${[...running].join(', ')}`);
      outcomes[check.index] = await runCheck(check);
      running.delete(check.title);
      show(`now ${[...running].join(', ')}`);
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
  return outcomes;
}

async function runCheck({ title, program, script, args }) {
  const started = Date.now();
  const file = program ? path.join(nodeModulesFolder, program) : path.join(repositoryFolder, script);
  const { code, output } = await runTool(projectNode, [file, ...args], { cwd: repositoryFolder });
  return { title, isGood: code === 0, milliseconds: Date.now() - started, output };
}

/** Stands for the content of the files and folders of these names. */
async function stampOf(names) {
  const hash = createHash('sha256');
  for (const name of names) {
    const place = path.join(repositoryFolder, name);
    const inside = await readdir(place, { recursive: true, withFileTypes: true }).catch(() => null);
    const files = inside === null ? [place] : inside.filter(isLinted).map(fileOf);
    for (const file of files.sort()) hash.update(`${file}\n`).update(await readFile(file));
  }
  return hash.digest('hex');
}

function isLinted(entry) {
  return entry.isFile() && /\.(ts|vue|js|mjs|json)$/.test(entry.name);
}

function fileOf(entry) {
  return path.join(entry.parentPath, entry.name);
}
