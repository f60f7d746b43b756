import type { Handlers } from '../../core/contract/contract.ts';
import type { LookAnswer, LookCalls, LookQuestion, LookTarget } from '../../core/contract/look.ts';
import { areDigits } from '../../core/evaluation/are-digits.ts';
import { pictureForm } from '../../core/project/import-settings.ts';
import { ofCurrentCheckpoint } from '../evaluation/current-checkpoint.ts';
import { plannedRun } from '../evaluation/planned-run.ts';
import { importSettingsOf } from '../evaluation/import-settings-of.ts';
import { prepareDrawing, preparePicture } from '../evaluation/prepare-picture.ts';
import { lookedCheckpoint } from '../evaluation/looked-checkpoint.ts';
import { asStored, rowOfCells } from '../evaluation/samples-of-file.ts';
import type { Looks } from '../evaluation/looks.ts';
import { fail } from '../failures.ts';
import type { RunIndex, RunRow } from '../runs/run-index.ts';

/** `gathering`: looks at training images for as long as it may, in the background. */
export function lookCalls(
  index: RunIndex,
  { looks, gathering }: { readonly looks: Looks; readonly gathering: Looks },
): Pick<Handlers, keyof LookCalls> {
  const named = async (run: string): Promise<RunRow> =>
    (await index.get(run)) ?? fail('notFound', `There is no run '${run}'.`, { at: run });
  const ask = async <Question extends LookQuestion>(
    { run, ...choice }: LookTarget,
    question: Question,
    by = looks,
  ): Promise<LookAnswer<Question>> => {
    const row = await named(run);
    return ofCurrentCheckpoint(row, choice.checkpoint, async (index) =>
      by.ask(await lookedCheckpoint(row, choice, index), question),
    );
  };
  return {
    'look.explain': ({ of, question }) => ask(of, question),
    'look.activation': ({ of, question }) => ask(of, question),
    'look.predict': ({ of, question }) => ask(of, question),
    'look.nearest': ({ of, question }) => ask(of, question, gathering),
    'look.row': async ({ of, cells }) => {
      const { plan, columnNames } = await plannedRun(await named(of.run));
      const row = rowOfCells(cells, { inputShape: plan.inputShape, columnNames });
      const subject = { kind: 'numbers', numbers: asStored([row], plan.data.origins) } as const;
      return ask(of, { kind: 'predict', subject });
    },
    'look.picture': async ({ run, file, name }) => {
      const row = await named(run);
      const { plan, classNames } = await plannedRun(row);
      const { inputShape } = plan;
      const target = { inputShape, settings: await importSettingsOf(row) };
      const isCentred = areDigits(inputShape, classNames);
      const prepare = isCentred ? prepareDrawing : preparePicture;
      return {
        pixels: await prepare(file, target, name),
        inputShape,
        isCentred,
        form: pictureForm(target.settings),
      };
    },
  };
}
