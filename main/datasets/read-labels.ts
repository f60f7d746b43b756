import type { SplitFiles } from '../../core/training/plan.ts';
import { fail } from '../failures.ts';
import { cifarPlace, countRecords, readNpyHeader, readRecords } from './read-pixels.ts';

/** Bytes before the first label of an IDX file of labels. */
const idxHead = 8;

/** Labels of some samples of a split with classes, read from the files without the engine. */
export async function readLabels(split: SplitFiles, indices: Int32Array): Promise<Int32Array> {
  switch (split.format) {
    case 'idx':
      return Int32Array.from(await readRecords((index) => ({ file: split.labels, at: idxHead + index }), 1, indices));
    case 'cifar10': {
      const counts = await Promise.all(split.files.map(countRecords));
      const placeOf = (index: number) => {
        const { file, at } = cifarPlace(split.files, counts, index);
        // Of a record the label comes first.
        return { file, at: at - 1 };
      };
      return Int32Array.from(await readRecords(placeOf, 1, indices));
    }
    case 'arrays': {
      const { targets } = split;
      const { element, dataAt } = await readNpyHeader(targets);
      if (element.kind !== 'i' || element.bytes !== 8 || element.isBigEndian) {
        fail('badData', `${targets} holds no labels: whole numbers of eight bytes are needed.`, { at: targets });
      }
      const bytes = await readRecords((index) => ({ file: targets, at: dataAt + 8 * index }), 8, indices);
      const view = new DataView(bytes.buffer);
      return Int32Array.from(indices, (_, place) => Number(view.getBigInt64(8 * place, true)));
    }
  }
}
