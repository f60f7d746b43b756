import type { ExportFormat } from './subject.ts';

/** What people call each format. */
export const formatTitles: Readonly<Record<ExportFormat, string>> = {
  safetensors: 'safetensors and Python',
  onnx: 'ONNX',
  torchscript: 'TorchScript',
  'state-dict': 'PyTorch state dict',
  python: 'torch.export',
  html: 'Web page',
};
