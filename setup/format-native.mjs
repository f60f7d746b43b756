// clang-format over the C++ sources: writes them, or with --check only looks.

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { nativeSourceFolder, nodeModulesFolder, projectNode } from './paths.mjs';
import { becomeTool } from './tool.mjs';

const entries = await readdir(path.join(nativeSourceFolder, 'src'), { recursive: true, withFileTypes: true });
const sources = entries
  .filter((entry) => entry.isFile() && /\.(cpp|h)$/.test(entry.name))
  .map((entry) => path.join(entry.parentPath, entry.name));
const mode = process.argv.includes('--check') ? ['--dry-run', '--Werror'] : ['-i'];
const program = path.join(nodeModulesFolder, 'clang-format', 'index.js');
process.exitCode = await becomeTool(projectNode, [program, ...mode, ...sources]);
