import type { ExportFormat } from '../../core/export/subject.ts';
import type { Exporter } from './exporter.ts';
import { exportPythonProgram, exportSafetensors, exportStateDict } from './python.ts';

/** What writes each format. */
export const exporters: Readonly<Partial<Record<ExportFormat, Exporter>>> = {
  safetensors: exportSafetensors,
  'state-dict': exportStateDict,
  python: exportPythonProgram,
};
