import type { Handlers } from '../../core/contract/contract.ts';
import type { LookAnswer, LookCalls, LookQuestion, LookTarget } from '../../core/contract/look.ts';
import { plannedRun } from '../evaluation/planned-run.ts';
import { preparePicture } from '../evaluation/prepare-picture.ts';
import { lookedCheckpoint } from '../evaluation/looked-checkpoint.ts';
import type { Looks } from '../evaluation/looks.ts';
import { fail } from '../failures.ts';
import type { RunIndex, RunRow } from '../runs/run-index.ts';

export function lookCalls(index: RunIndex, looks: Looks): Pick<Handlers, keyof LookCalls> {
  const named = async (run: string): Promise<RunRow> =>
    (await index.get(run)) ?? fail('notFound', `There is no run '${run}'.`, { at: run });
  const ask = async <Question extends LookQuestion>(
    { run, ...choice }: LookTarget,
    question: Question,
  ): Promise<LookAnswer<Question>> => looks.ask(await lookedCheckpoint(await named(run), choice), question);
  return {
    'look.explain': ({ of, question }) => ask(of, question),
    'look.activation': ({ of, question }) => ask(of, question),
    'look.predict': ({ of, question }) => ask(of, question),
    'look.nearest': ({ of, question }) => ask(of, question),
    'look.picture': async ({ run, file }) => {
      const { inputShape } = (await plannedRun(await named(run))).plan;
      return { pixels: await preparePicture(file, inputShape, 'The picture'), inputShape };
    },
  };
}
