import { elementCount } from '../../../../../core/catalogue/shape.ts';
import { makeModel } from '../../../../../core/export/onnx/make-model.ts';
import type { OnnxModel } from '../../../../../core/export/onnx/model.ts';
import { writeModel } from '../../../../../core/export/onnx/write-model.ts';
import { layersOf } from '../../../../../core/network/resolved.ts';
import { emptyProject } from '../../../../../core/project/empty-project.ts';
import { resolveProject } from '../../../../../core/project/project-facts.ts';
import type { Project } from '../../../../../core/project/project.ts';
import { serialiseProject } from '../../../../../core/project/serialise.ts';
import { filled } from '../../../../native/weights.ts';
import { stored } from './baseline-networks.ts';

/** A network of convolution, normalisation and a decision. */
export const project: Project = {
  ...emptyProject,
  name: 'small',
  networks: {
    main: {
      type: 'Sequential',
      children: [
        { type: 'Conv2d', options: { out_channels: 2, kernel_size: 3, stride: 3 } },
        { type: 'BatchNorm2d' },
        { type: 'Flatten' },
        { type: 'Linear', options: { out_features: 10 } },
      ],
    },
  },
};

/** Its model with what an export writes about itself, some of it in other words. */
export function modelOf(metadata: Readonly<Record<string, string>> = {}) {
  const resolution = resolveProject(project, [1, 28, 28]);
  if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
  const layers = [...layersOf(resolution.network)];
  const tensors = layers
    .flatMap(({ parameters, buffers }) => [...parameters, ...buffers.slice(0, 2)])
    .map(({ name, shape }, ordinal) => stored(name, shape, filled(ordinal, elementCount(shape), [0, 1, false])));
  const all = {
    'torchwright.project': serialiseProject(project),
    'torchwright.network': 'main',
    'torchwright.sample': '[1,28,28]',
    ...metadata,
  };
  const network = { resolved: resolution.network, inputs: ['input'], preprocessing: null, documentation: 'small' };
  return { tensors, model: makeModel({ ...network, tensors, metadata: all }).model };
}

export function bytesOf(model: OnnxModel): Uint8Array {
  return new Uint8Array(Buffer.concat(writeModel(model, 'weights').model));
}
