import type { Handlers } from '../../core/contract/contract.ts';
import { FailureError } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { namedIn } from '../../core/network/module-name.ts';
import { projectOfRun } from '../evaluation/planned-run.ts';
import { failureOf } from '../failures.ts';

/**
 * What goes wrong with a run names the modules as the canvas does, by the project that was trained: a window knows only
 * the one that is open, which may be another or changed since.
 */
export function nameModulesOfRuns(handlers: Handlers): Handlers {
  const named = Object.entries(handlers).map(([name, handler]) => {
    const call = handler as (argument: unknown) => unknown;
    const answer = async (argument: unknown): Promise<unknown> => {
      try {
        return await call(argument);
      } catch (error) {
        const [run, failure] = [runOf(argument), failureOf(error)];
        if (run === null || failure === null) throw error;
        throw new FailureError(await namedByRun(run, failure));
      }
    };
    return [name, answer] as const;
  });
  return Object.fromEntries(named) as unknown as Handlers;
}

/** Unchanged where the run's project cannot be read. */
export async function namedByRun(run: string, failure: Failure): Promise<Failure> {
  const project = await projectOfRun({ id: run }).catch(() => null);
  return project === null ? failure : namedIn(project, failure);
}

/** Null: the call is about no run. */
function runOf(argument: unknown): string | null {
  if (typeof argument !== 'object' || argument === null) return null;
  if ('run' in argument && typeof argument.run === 'string') return argument.run;
  return 'of' in argument ? runOf(argument.of) : null;
}
