import { onnxTypes } from './model.ts';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** The bytes of a model, in pieces to be written one after another, and those of its weights where they lie beside it. */
export interface WrittenOnnx {
  readonly model: readonly Uint8Array[];
  readonly weights: readonly Uint8Array[] | null;
}

/** A protobuf message ends at two gigabytes; some room for all that is not weights. */
const largestMessage = 2 ** 31 - 2 ** 24;

/** ORT maps weights into memory: it wants them at whole pages of any system (64 KiB). */
const alignment = 65_536;

/**
 * As a ModelProto (onnx/onnx.proto). Where it would grow beyond `limit` bytes, weights go into a file called
 * `weightsFile` beside the model.
 */
export function writeModel(model: OnnxModel, weightsFile: string, limit = largestMessage): WrittenOnnx {
  const total = model.graph.initialisers.reduce((sum, { data }) => sum + data.length, 0);
  const outside = total > limit ? new OutsideWeights(weightsFile) : null;
  const writer = new ProtobufWriter()
    .int(1, model.irVersion)
    .text(2, model.producer.name)
    .text(3, model.producer.version)
    .int(5, 1)
    .text(6, model.documentation)
    .message(7, graphMessage(model.graph, outside))
    .message(8, new ProtobufWriter().text(1, '').int(2, model.opset));
  for (const [key, value] of Object.entries(model.metadata)) writer.message(14, entry(key, value));
  return { model: writer.pieces(), weights: outside === null ? null : outside.pieces };
}

function graphMessage(graph: OnnxGraph, outside: OutsideWeights | null): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const node of graph.nodes) writer.message(1, nodeMessage(node));
  writer.text(2, graph.name);
  for (const tensor of graph.initialisers) writer.message(5, tensorMessage(tensor, outside));
  for (const input of graph.inputs) writer.message(11, valueMessage(input));
  for (const output of graph.outputs) writer.message(12, valueMessage(output));
  return writer;
}

function nodeMessage({ name, operator, inputs, outputs, attributes }: OnnxNode): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const input of inputs) writer.text(1, input);
  for (const output of outputs) writer.text(2, output);
  writer.text(3, name).text(4, operator);
  for (const [key, attribute] of Object.entries(attributes)) writer.message(5, attributeMessage(key, attribute));
  return writer;
}

/** Field 20 is the kind: AttributeProto.AttributeType. */
function attributeMessage(name: string, attribute: OnnxAttribute): ProtobufWriter {
  const writer = new ProtobufWriter().text(1, name);
  switch (attribute.kind) {
    case 'float':
      return writer.float(2, attribute.value).int(20, 1);
    case 'int':
      return writer.int(3, attribute.value).int(20, 2);
    case 'text':
      return writer.text(4, attribute.value).int(20, 3);
    case 'graph':
      return writer.message(6, graphMessage(attribute.value, null)).int(20, 5);
    case 'floats':
      for (const value of attribute.value) writer.float(7, value);
      return writer.int(20, 6);
    case 'ints':
      for (const value of attribute.value) writer.int(8, value);
      return writer.int(20, 7);
    case 'texts':
      for (const value of attribute.value) writer.text(9, value);
      return writer.int(20, 8);
  }
}

function tensorMessage({ name, type, shape, data }: OnnxTensor, outside: OutsideWeights | null): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const size of shape) writer.int(1, size);
  writer.int(2, onnxTypes[type]).text(8, name);
  // What is small stays: shapes and indices are needed before any weights.
  if (outside === null || data.length < 1024) return writer.bytes(9, data);
  const { offset, file } = outside.add(data);
  for (const [key, value] of Object.entries({ location: file, offset: `${offset}`, length: `${data.length}` })) {
    writer.message(13, entry(key, value));
  }
  return writer.int(14, 1);
}

function valueMessage({ name, type, shape }: OnnxValue): ProtobufWriter {
  const sizes = new ProtobufWriter();
  for (const size of shape) {
    const dimension = new ProtobufWriter();
    sizes.message(1, typeof size === 'number' ? dimension.int(1, size) : dimension.text(2, size));
  }
  const tensor = new ProtobufWriter().int(1, onnxTypes[type]).message(2, sizes);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
}

function entry(key: string, value: string): ProtobufWriter {
  return new ProtobufWriter().text(1, key).text(2, value);
}

class OutsideWeights {
  readonly file: string;
  readonly pieces: Uint8Array[] = [];
  #length = 0;

  constructor(file: string) {
    this.file = file;
  }

  add(data: Uint8Array): { readonly offset: number; readonly file: string } {
    const gap = (alignment - (this.#length % alignment)) % alignment;
    if (gap > 0) this.pieces.push(new Uint8Array(gap));
    const offset = this.#length + gap;
    this.pieces.push(data);
    this.#length = offset + data.length;
    return { offset, file: this.file };
  }
}
