import { serialiseProject } from '../../project/serialise.ts';
import type { ExportNetwork, ExportSubject } from '../subject.ts';

/** What stands in the file beside the graph: enough to use the network, and to open it here again. */
export function onnxMetadata(
  network: ExportNetwork,
  subject: ExportSubject,
  preprocesses: boolean,
): Readonly<Record<string, string>> {
  const { shape, scale, offset, isBytes } = subject.preprocessing;
  return {
    'torchwright.project': serialiseProject(subject.project),
    'torchwright.network': network.name,
    'torchwright.run': subject.run,
    'torchwright.checkpoint': JSON.stringify(subject.checkpoint),
    'torchwright.sample': JSON.stringify(shape),
    'torchwright.preprocesses': `${preprocesses}`,
    class_names: JSON.stringify(subject.classNames),
    ...namesOf(subject),
    preprocessing: JSON.stringify({ formula: 'x * scale + offset', of: isBytes ? 'bytes' : 'floats', scale, offset }),
  };
}

/** Of tables and regressions. */
function namesOf({ columnNames, targetNames, targetMapping }: ExportSubject): Readonly<Record<string, string>> {
  return {
    ...(columnNames.length === 0 ? {} : { column_names: JSON.stringify(columnNames) }),
    ...(targetNames.length === 0 ? {} : { target_names: JSON.stringify(targetNames) }),
    ...(targetMapping === null ? {} : { output_units: 'targets', target_scaling: JSON.stringify(targetMapping) }),
  };
}
