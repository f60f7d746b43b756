import { CommanderError } from 'commander';
import { FailureError } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { failureOf } from '../failures.ts';
import { unexpectedFailure } from '../unexpected-error.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { Output } from './output.ts';
import { makeProgram } from './program.ts';
import { onUnexpected } from './unexpected-end.ts';

const output = new Output(process.argv.includes('--json'));

async function main(): Promise<void> {
  const program = makeProgram(output, (code) => {
    process.exitCode = code;
  });
  try {
    await program.parseAsync();
    await output.flush();
    if (output.failure !== null) throw new FailureError(output.failure);
  } catch (error) {
    process.exitCode = await reportError(error);
  }
}

/** Commander has already said on stderr what was wrong with the command line. */
async function reportError(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done;
    if (output.isJson) reportJson({ code: 'badUsage', message: error.message.replace(/^error: /, '') });
    return exitCodes.badInput;
  }
  const failure = failureOf(error) ?? (await unexpectedFailure(error));
  output.failed(failure);
  // A training that failed has said so in its own event.
  if (output.isJson && !output.hasToldFailure) reportJson(failure);
  return exitCodeOf(failure);
}

function reportJson(failure: Failure): void {
  output.json({ event: 'error', error: failure });
}

onUnexpected((error) => {
  void reportError(error).then((code) => process.exit(code));
});
await main();
