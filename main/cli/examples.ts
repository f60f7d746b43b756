/** What `--help` of a command shows below its options. */
const examples: Readonly<Record<string, readonly string[]>> = {
  summary: ['torchwright summary mnist-conv', 'torchwright summary my-project.json'],
  plan: ['torchwright plan mnist-conv > plan.json'],
  get: ['torchwright data get cifar10'],
  import: ['torchwright data import photos --size 64x64', 'torchwright data import houses.csv --target price'],
  inspect: ['torchwright data inspect cifar10'],
  train: [
    'torchwright train mnist-conv',
    'torchwright train my-project.json --epochs 20 --seed 1',
    'torchwright train mnist-conv --set recipe.optimizer.momentum=0.8 --device cuda',
    'torchwright train my-project.json --data photos --from RUN',
  ],
  'find-rate': ['torchwright find-rate mnist-conv', 'torchwright find-rate --run RUN'],
  cost: ['torchwright cost cifar10-resnet18'],
  profile: ['torchwright profile mnist-conv', 'torchwright profile my-project.json --steps 50 --threads 1'],
  resume: ['torchwright resume RUN', 'torchwright resume RUN --epochs 40'],
  show: ['torchwright runs show RUN'],
  evaluate: [
    'torchwright evaluate RUN',
    'torchwright evaluate RUN --checkpoint best --augment',
    'torchwright evaluate RUN --against OTHER-RUN --csv tables',
  ],
  mismatches: [
    'torchwright mismatches RUN --out mismatches.png',
    'torchwright mismatches RUN --class 4 --predicted 9 --out fours.png',
  ],
  samples: [
    'torchwright samples RUN --seed 1 --out samples.png',
    'torchwright samples RUN --seed 1 --walk-to 2 --out interpolation.gif',
  ],
  predict: ['torchwright predict RUN digit.png --drawing', 'torchwright predict RUN rows.csv --json'],
  export: [
    'torchwright export RUN --format onnx --out exported',
    'torchwright export RUN --format safetensors --checkpoint last --out exported',
  ],
  serve: ['torchwright serve --open', 'torchwright serve --host 0.0.0.0 --token "$TOKEN"'],
};

export function examplesOf(command: string): string {
  const lines = examples[command] ?? [];
  return lines.length === 0 ? '' : `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
