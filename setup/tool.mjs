// Running other programs.

import { spawn } from 'node:child_process';

/**
 * Runs a program to its end and returns { code, output }, standard output and error together. A program that is not
 * there gives code 127. `onLine` gets every line as it comes.
 */
export function runTool(program, args, { onLine, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    let unfinished = '';
    const take = (text) => {
      output += text;
      if (!onLine) return;
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop();
      lines.forEach((line) => onLine(line));
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The last lines that say something: what to show when a program failed. */
export function lastLines(output, count = 12) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join('\n');
}

/** Runs a program that takes over: same terminal, signals passed on, its exit code is ours. */
export function becomeTool(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options });
    const passOn = (signal) => child.kill(signal);
    // A terminal sends Ctrl+C to the child as well, so only what is sent to this process alone is passed on.
    const ignore = () => {};
    process.on('SIGTERM', passOn).on('SIGHUP', passOn);
    process.on('SIGINT', process.stdin.isTTY ? ignore : passOn);
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15)),
    );
  });
}
