// Every npm script goes through here: it brings up what its command needs, then runs the command. Plain JavaScript for
// a bare Node 20.17, for at the beginning nothing is installed.
//
//   node setup/run.mjs setup [--cuda|--cpu]   everything
//   node setup/run.mjs torchwright …          the command line
//   node setup/run.mjs start | dev | check | test | bench | curves | fuzz | attack | baselines |
//                       strings

import { writeFileSync } from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureEngine } from './engine.mjs';
import { ensureNodeModules } from './modules.mjs';
import { compiledFolder, projectNode, repositoryFolder } from './paths.mjs';
import { say, SetupError } from './report.mjs';
import { becomeTool } from './tool.mjs';

/** The commands of the command line that compute; the others read and write files only. */
const computing = new Set(
  'train resume find-rate cost profile evaluate mismatches predict samples export devices serve'.split(' '),
);

const commands = {
  async setup(args) {
    const unknown = args.find((arg) => arg !== '--cuda' && arg !== '--cpu');
    if (unknown) throw new SetupError(`"${unknown}" is unknown here: npm run setup [-- --cuda | --cpu].`);
    await ensureEngine(args.at(-1)?.slice(2));
    say('everything is in place');
  },

  async torchwright(args) {
    const asksForHelp = args.includes('--help') || args.includes('-h');
    if (computing.has(args[0]) && !asksForHelp) await ensureEngine();
    if (args[0] === 'serve' && !asksForHelp) await (await import('./window.mjs')).ensureWindow();
    await runSource('main/cli/main.ts', args);
  },

  async start(args) {
    await ensureEngine();
    const { startWindow } = await import('./start.mjs');
    process.exitCode = await startWindow(args);
  },

  async dev(args) {
    await ensureEngine();
    const { develop } = await import('./dev.mjs');
    process.exitCode = await develop(args);
  },

  async check() {
    const { checkChanges } = await import('./check.mjs');
    process.exitCode = await checkChanges();
  },

  async test() {
    await ensureEngine();
    const { runTests } = await import('./tests.mjs');
    process.exitCode = await runTests();
  },

  async bench(args) {
    // It compiles the engine by itself, once it has understood what is asked of it.
    await runSource('test/bench/main.ts', args);
  },

  async curves(args) {
    await ensureEngine();
    await runSource('test/curves/main.ts', args);
  },

  async fuzz(args) {
    await ensureEngine();
    await runSource('test/fuzz/main.ts', args);
  },

  async attack(args) {
    await ensureEngine();
    await runSource('test/attack/main.ts', args);
  },

  async baselines(args) {
    await runSource('test/baselines/make.ts', args);
  },

  async strings(args) {
    await runSource('test/strings/main.ts', args);
  },
};

/** In this very process, so that signals and exit codes are the program's own. */
async function runSource(file, args) {
  const program = path.join(repositoryFolder, file);
  process.argv = [process.execPath, program, ...args];
  await import(pathToFileURL(program).href);
}

async function main() {
  const [name, ...args] = process.argv.slice(2);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 17)) {
    throw new SetupError(`This is Node ${process.versions.node}; Torchwright's set-up needs 20.17 or newer.`);
  }
  if (!Object.hasOwn(commands, name ?? '')) {
    throw new SetupError(`"${name ?? ''}" is no command: ${Object.keys(commands).join(', ')}.`);
  }
  keepCompiled();
  await ensureNodeModules();
  // The sources want the Node that was just installed, not the one that began.
  if (major < 24) process.exitCode = await becomeTool(projectNode, process.argv.slice(1));
  else await commands[name](args);
}

/** This process and all that it starts keep their compiled sources (from Node 22.1), and read them the next time. */
function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= compiledFolder;
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
}

/** One sentence; where it was thrown stands in a file. */
function sayUnexpected(error) {
  const file = path.join(tmpdir(), `torchwright-error-${process.pid}.log`);
  writeFileSync(file, `${error?.stack ?? String(error)}\n`);
  say(
    `the set-up hit an internal error: ${error?.message ?? String(error)}. Please report it with the details in ${file}.`,
  );
}

try {
  await main();
} catch (error) {
  const isOfSystem = ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS'].includes(error.code);
  const isExpected = error instanceof SetupError || isOfSystem;
  if (isExpected) say(isOfSystem ? `cannot continue: ${error.message}` : error.message);
  else sayUnexpected(error);
  process.exitCode = isExpected ? 1 : 70;
}
