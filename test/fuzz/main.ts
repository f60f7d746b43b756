/**
 * Reads damaged and lying files of weights, by the readers here and by the engine's: npm run fuzz [-- COUNT]. Ends with
 * an error where a reader throws anything but a Failure or gives more bytes than there are, or the engine crashes.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { readStateDict } from '../../core/weights/read-state-dict.ts';
import { readSafetensors, writeSafetensors } from '../../core/weights/safetensors.ts';
import { bytesSource } from '../../core/weights/byte-source.ts';
import { stateDictsIn } from '../../core/weights/state-dicts-in.ts';
import { unpickle } from '../../core/weights/unpickle.ts';
import { pickleTensors } from '../../core/weights/pickle-tensors.ts';
import { TensorBuilder } from '../../core/weights/rebuild-tensor.ts';
import { writeStateDict } from '../../core/weights/write-state-dict.ts';
import { importModel } from '../../core/export/onnx/import-model.ts';
import { bytesOf, modelOf } from '../unit/core/export/onnx/small-model.ts';
import { fuzz, joinedParts, loaded, lying, sampleTensors } from '../unit/core/weights/hostile.ts';

const count = Number(process.argv[2] ?? 100_000);
const tensors = sampleTensors();
const storages = new Map(tensors.map(({ data }, index) => [String(index), bytesSource(data)]));
const parsers = {
  safetensors: [joinedParts(writeSafetensors(tensors, {})), (bytes: Uint8Array) => readSafetensors(bytes).tensors],
  'safetensors that lie': [
    (random: (below: number) => number) => lying(tensors, random),
    (bytes: Uint8Array) => readSafetensors(bytes).tensors,
  ],
  'state dict (ZIP)': [
    joinedParts(writeStateDict(tensors)),
    (bytes: Uint8Array) => loaded(readStateDict(bytesSource(bytes))),
  ],
  'state dict (pickle)': [
    pickleTensors(tensors),
    (bytes: Uint8Array) =>
      loaded(stateDictsIn(unpickle(bytes, new TensorBuilder((name) => storages.get(name), bytes.byteLength)))),
  ],
  ONNX: [bytesOf(modelOf().model), (bytes: Uint8Array) => importModel(bytes).tensors],
} as const;

for (const [name, [file, read]] of Object.entries(parsers)) {
  const began = performance.now();
  const { read: whole, refused } = await fuzz(file, read, { seed: 7, count });
  tell(name, whole, refused, began);
}

const began = performance.now();
const { stdout } = await promisify(execFile)(process.execPath, [
  path.join(import.meta.dirname, 'engine.ts'),
  String(count),
]);
const engine = z.object({ read: z.number(), refused: z.number(), more: z.number() }).parse(JSON.parse(stdout));
tell(`the engine, ${(engine.more / 1000).toFixed(0)} MB of memory more`, engine.read, engine.refused, began);

function tell(name: string, whole: number, refused: number, began: number): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${name}: ${count} inputs, ${refused} refused, ${whole} read, no crash, ${seconds} s`);
}
