import type { ExportSubject } from '../subject.ts';

/** How a graph is to be. */
export interface OnnxOptions {
  /** It takes stored samples (bytes of pixels) and preprocesses them itself. */
  readonly preprocess?: boolean;
  /** Absent: float32. */
  readonly precision?: 'float32' | 'float16' | 'int8';
  /** The set of operators; absent: the lowest that the network needs. */
  readonly opset?: number;
}

/** For the README: how Python runs the files. */
export function onnxUsage(
  subject: ExportSubject,
  files: readonly string[],
  { preprocess: preprocesses = false, precision = 'float32' }: OnnxOptions,
): string {
  const { preprocessing } = subject;
  const uses = subject.networks
    .map(({ inputs }, index) => {
      const isStored = preprocesses && inputs[0]?.name !== 'noise';
      const samples = inputs.map(({ name, samples: { shape } }, at) => {
        const type = at === 0 && isStored && preprocessing.isBytes ? 'uint8' : 'float32';
        return `    "${name}": np.zeros([1${shape
          .slice(1)
          .map((size) => `, ${size}`)
          .join('')}], np.${type}),`;
      });
      const about =
        inputs[0]?.name === 'noise'
          ? 'It takes standard normal noise.'
          : isStored
            ? 'It takes samples as they are stored and preprocesses them itself.'
            : `It takes samples after \`x * scale + offset\` with scale ${list(preprocessing.scale)} and offset ${list(preprocessing.offset)}${preprocessing.isBytes ? ' of the bytes 0 to 255' : ''}.`;
      return `\`${files[index]}\` runs with \`pip install onnxruntime\`. ${about} The batch may have any size.

\`\`\`python
import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession("${files[index]}")
[output] = session.run(None, {
${samples.join('\n')}
})
print(output.shape)
\`\`\``;
    })
    .join('\n\n');
  const costs = `What its weights of ${precision} cost beside float32 stands under Proof.`;
  return precision === 'float32' ? uses : `${uses}\n\n${costs}`;
}

function list(numbers: readonly number[]): string {
  return `[${numbers.map((value) => Number(value.toPrecision(7))).join(', ')}]`;
}
