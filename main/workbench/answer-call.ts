import { z } from 'zod';
import type { Answer } from '../../core/contract/call.ts';
import type { CallName, Handlers } from '../../core/contract/contract.ts';
import { isCallName } from '../../core/contract/names.ts';
import type { Failure } from '../../core/failure.ts';
import { failureOf } from '../failures.ts';
import { argumentSchemas } from './argument-schemas.ts';

/** Every call of every shell comes through here: name and argument are checked, what was thrown becomes a Failure. */
export async function answerCall(handlers: Handlers, name: unknown, argument: unknown): Promise<Answer> {
  if (!isCallName(name)) return refuse({ code: 'badUsage', message: `The workbench has no call '${String(name)}'.` });
  const parsed = argumentSchemas[name].safeParse(argument);
  if (!parsed.success) {
    const [place] = z.prettifyError(parsed.error).split('\n');
    return refuse({ code: 'badUsage', message: `The call ${name} cannot be understood: ${place ?? ''}.`, at: name });
  }
  try {
    const handler = handlers[name] as (argument: unknown) => unknown;
    return { ok: true, value: await handler(parsed.data) };
  } catch (error) {
    return refuse(failureOf(error) ?? mistake(name, error));
  }
}

function refuse(failure: Failure): Answer {
  return { ok: false, failure };
}

/** Ours, not the user's: said in full where the program runs. */
function mistake(name: CallName, error: unknown): Failure {
  console.error(error);
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `${name} failed by a mistake in Torchwright: ${reason}`, at: name };
}
