import { z } from 'zod';
import type { Answer } from '../../core/contract/call.ts';
import type { Handlers } from '../../core/contract/contract.ts';
import { isCallName } from '../../core/contract/names.ts';
import type { Failure } from '../../core/failure.ts';
import { isDeeperThan } from '../../core/nesting.ts';
import { failureOf } from '../failures.ts';
import { unexpectedFailure } from '../unexpected-error.ts';
import { argumentSchemas } from './argument-schemas.ts';

/** No call takes objects within objects beyond a few levels; projects come as text. */
const deepestArgument = 50;

/** Every call of every shell comes through here: name and argument are checked, what was thrown becomes a Failure. */
export async function answerCall(handlers: Handlers, name: unknown, argument: unknown): Promise<Answer> {
  if (!isCallName(name)) {
    const given = typeof name === 'string' ? `'${name.slice(0, 100)}'` : 'whose name is not text';
    return refuse({ code: 'badUsage', message: `The workbench has no call ${given}.` });
  }
  try {
    if (isDeeperThan(argument, deepestArgument)) {
      return refuse({ code: 'badUsage', message: `The argument of ${name} is nested too deeply.`, at: name });
    }
    const parsed = argumentSchemas[name].safeParse(argument);
    if (!parsed.success) {
      const [place] = z.prettifyError(parsed.error).split('\n');
      return refuse({ code: 'badUsage', message: `The call ${name} is invalid: ${place ?? ''}.`, at: name });
    }
    const handler = handlers[name] as (argument: unknown) => unknown;
    return { ok: true, value: await handler(parsed.data) };
  } catch (error) {
    return refuse(failureOf(error) ?? (await unexpectedFailure(error, name)));
  }
}

function refuse(failure: Failure): Answer {
  return { ok: false, failure };
}
