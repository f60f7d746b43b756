import { fail } from '../../failures.ts';
import { rolesOf } from './array-names.ts';
import { openArrays } from './array-source.ts';
import type { ArrayFiles, StoredArray } from './array-source.ts';
import type { OpenedSource, OpenRequest } from './source.ts';

/** Files by the name of their array, as they lie in a folder or an archive. */
export async function openNamedArrays(
  arrays: ReadonlyMap<string, StoredArray>,
  request: OpenRequest,
): Promise<OpenedSource> {
  const roles = rolesOf([...arrays.keys()]);
  if (roles === null) {
    const names = arrays.size === 0 ? 'none' : [...arrays.keys()].join(', ');
    fail('badData', `${request.place} holds no arrays called x and y, or x_train and y_train (found: ${names}).`, {
      at: request.place,
    });
  }
  const { train, test, leftOut } = roles;
  const filesOf = ({ inputs, targets }: typeof train): ArrayFiles => ({
    inputs: arrays.get(inputs)!,
    targets: arrays.get(targets)!,
  });
  const opened = await openArrays(filesOf(train), test === null ? null : filesOf(test), request);
  const used = [train, ...(test === null ? [] : [test])].map(({ inputs, targets }) => `${inputs} with ${targets}`);
  const words = ['training', 'testing'].map((use, index) =>
    used[index] === undefined ? [] : [`${used[index]} for ${use}`],
  );
  return {
    ...opened,
    notes: [
      test === null ? `Arrays: ${used[0]}.` : `Arrays: ${words.flat().join(', ')}.`,
      ...(leftOut.length > 0
        ? [`Arrays left out: ${leftOut.map(({ name, reason }) => `${name} (${reason})`).join(', ')}.`]
        : []),
      ...opened.notes,
    ],
  };
}
