import { elementCount } from '../../core/catalogue/shape.ts';
import path from 'node:path';
import { firstPartingOf } from '../../core/export/first-parting.ts';
import { inHalfPrecision } from '../../core/export/onnx/half.ts';
import { makeModel } from '../../core/export/onnx/make-model.ts';
import type { MadeModel } from '../../core/export/onnx/make-model.ts';
import { leftInFloat, leftInFloatText } from '../../core/export/onnx/left-in-float.ts';
import type { OnnxModel } from '../../core/export/onnx/model.ts';
import { moduleOutputs, withModuleOutputs } from '../../core/export/onnx/module-outputs.ts';
import { onnxMetadata } from '../../core/export/onnx/metadata.ts';
import { quantised } from '../../core/export/onnx/quantise.ts';
import { inTargetUnits } from '../../core/export/onnx/scale-targets.ts';
import { onnxUsage } from '../../core/export/onnx/usage.ts';
import { writeModel } from '../../core/export/onnx/write-model.ts';
import { isMismatch } from '../../core/export/difference.ts';
import { prove, refuseMismatch } from '../../core/export/proof.ts';
import type { Proof } from '../../core/export/proof.ts';
import type { ExportNetwork, ExportSubject } from '../../core/export/subject.ts';
import { fail } from '../failures.ts';
import type { ExportContext, ExportOptions, Exporter } from './exporter.ts';
import { fileStem } from './file-names.ts';
import { onnxRuntimeName, runOnnx } from './onnx-runtime.ts';
import type { OnnxInput } from './onnx-runtime.ts';
import { writeParts } from './write-parts.ts';

/** A file for each network, run by ONNX Runtime on the samples. */
export const exportOnnx: Exporter = async (subject, context) => {
  const written = [];
  for (const network of subject.networks) written.push(await exportNetwork(network, subject, context));
  const left = written.flatMap((each) => each.left);
  const files = written.map(({ file }) => file);
  const usage = [onnxUsage(subject, files, context.options), leftInFloatText(left)].filter((text) => text !== null);
  return {
    files: written.flatMap((each) => each.files),
    usage: usage.join('\n\n'),
    ...(left.length === 0 ? {} : { leftInFloat: left }),
    preprocesses: context.options.preprocess === true,
    proofs: written.map(({ proof }) => proof),
  };
};

async function exportNetwork(network: ExportNetwork, subject: ExportSubject, context: ExportContext) {
  const file = `${fileStem(network, subject)}.onnx`;
  context.onProgress(`writing ${file}`);
  const made = makeNetworkModel(network, subject, context.options);
  const { model, weights } = writeModel(made.model, `${file}.data`);
  const about = `the network for ONNX Runtime and other tools that read ONNX (operator set ${made.model.opset})`;
  const files = [{ name: file, about }];
  await writeParts(path.join(context.folder, file), model);
  if (weights !== null) {
    await writeParts(path.join(context.folder, `${file}.data`), weights);
    files.push({ name: `${file}.data`, about: `the weights of ${file}; keep both files in one folder` });
  }
  context.onProgress(`running ${file} by ONNX Runtime`);
  const left = context.options.precision === 'int8' ? leftInFloat(made.model) : [];
  return { file, files, left, proof: await proveOnnx(network, subject, made, context) };
}

export function makeNetworkModel(network: ExportNetwork, subject: ExportSubject, options: ExportOptions): MadeModel {
  const preprocesses = options.preprocess === true && takesSamples(network);
  if (preprocesses && subject.preprocessing.needsDouble === true) refuseToPreprocess();
  const made = makeModel({
    resolved: network.resolved,
    tensors: network.tensors,
    inputs: network.inputs.map(({ name }) => name),
    preprocessing: preprocesses ? subject.preprocessing : null,
    ...(options.opset === undefined ? {} : { opset: options.opset }),
    documentation: `${subject.project.name}, trained with Torchwright (run ${subject.run}, ${subject.checkpoint.which}).`,
    metadata: onnxMetadata(network, subject, preprocesses),
  });
  const model = inPrecision(made.model, options.precision ?? 'float32');
  const { targetMapping } = subject;
  return { ...made, model: targetMapping === null ? model : inTargetUnits(model, targetMapping) };
}

function inPrecision(model: OnnxModel, precision: NonNullable<ExportOptions['precision']>): OnnxModel {
  switch (precision) {
    case 'float32':
      return model;
    case 'float16':
      return inHalfPrecision(model);
    case 'int8':
      return quantised(model);
  }
}

function refuseToPreprocess(): never {
  return fail('badUsage', 'Some columns of this table have values too far from zero for 32-bit precision.', {
    at: '--preprocess',
    advice: 'Export without preprocessing, and scale in 64 bits with the numbers of the README.',
  });
}

/** Not so a generator, which takes noise. */
function takesSamples({ inputs }: ExportNetwork): boolean {
  return inputs[0]?.name !== 'noise';
}

/** Throws where float32 parts from the engine; what smaller precisions cost is only told. */
export async function proveOnnx(
  network: ExportNetwork,
  subject: ExportSubject,
  made: MadeModel,
  context: ExportContext,
): Promise<Proof> {
  const { model, weights } = writeModel(made.model, 'weights');
  if (weights !== null) {
    const notAsked = 'WebAssembly cannot hold weights of more than two gigabytes';
    return { network: network.name, consumer: onnxRuntimeName(), notAsked };
  }
  const inputs = inputsOf(network, subject, made.model);
  const outputs = await runOnnx(Buffer.concat(model), inputs, context.stop);
  const proof = prove(network, onnxRuntimeName(), [outputs.get('output')!]);
  if ((context.options.precision ?? 'float32') === 'float32' && isMismatch(proof.difference)) {
    refuseMismatch(proof, await whereTheyPart(network, made, inputs, proof.difference.sample, context));
  }
  return proof;
}

async function whereTheyPart(
  network: ExportNetwork,
  made: MadeModel,
  inputs: readonly OnnxInput[],
  sample: number,
  context: ExportContext,
) {
  const engine = await context.traceSample(network, sample);
  const { model } = writeModel(withModuleOutputs(made.model, made.modules), 'weights');
  const one = inputs.map(({ name, shape, data }) => {
    const each = data.length / shape[0]!;
    return { name, shape: [1, ...shape.slice(1)], data: data.subarray(sample * each, (sample + 1) * each) };
  });
  const outputs = await runOnnx(Buffer.concat(model), one, context.stop);
  return firstPartingOf(engine, moduleOutputs(made.modules, outputs));
}

/** Samples as the graph wants them: with preprocessing in it, those that are stored. */
function inputsOf(network: ExportNetwork, { preprocessing }: ExportSubject, model: OnnxModel): readonly OnnxInput[] {
  return network.inputs.map(({ name, samples, bytes }, index) => {
    const { shape, data } = samples;
    if (model.graph.inputs[index]?.type === 'uint8') return { name, shape, data: bytes! };
    const isStored = index === 0 && model.metadata['torchwright.preprocesses'] === 'true';
    return { name, shape, data: isStored ? beforePreprocessing(data, preprocessing) : data };
  });
}

/** Floats that were read from a file, of which nobody keeps a copy. */
function beforePreprocessing(
  data: Float32Array,
  { shape, scale, offset }: ExportSubject['preprocessing'],
): Float32Array {
  const each = elementCount(shape.slice(1));
  return data.map((value, index) => {
    const channel = Math.floor(index / each) % scale.length;
    return (value - offset[channel]!) / scale[channel]!;
  });
}
