import type { ExportFormat } from '../../core/export/subject.ts';
import type { Exporter } from './exporter.ts';
import { exportHtml } from './html.ts';
import { exportOnnx } from './onnx.ts';
import { exportPythonProgram, exportSafetensors, exportStateDict } from './python.ts';
import { exportTorchScript } from './torchscript.ts';

/** What writes each format. */
export const exporters: Readonly<Record<ExportFormat, Exporter>> = {
  onnx: exportOnnx,
  html: exportHtml,
  safetensors: exportSafetensors,
  torchscript: exportTorchScript,
  'state-dict': exportStateDict,
  python: exportPythonProgram,
};
