import { outputMeaning } from '../catalogue/losses/output-meaning.ts';
import type { OutputMeaning } from '../catalogue/losses/output-meaning.ts';
import { pythonString } from '../code/python-words.ts';
import { pictureForm } from '../project/import-settings.ts';
import type { ExportNetwork, ExportSubject } from './subject.ts';
import { isWholeInput } from './whole-inputs.ts';

/** Where a script finds the weights, and how it reads them. */
export type WeightsKind = 'safetensors' | 'state-dict';

interface ScriptFacts {
  readonly subject: ExportSubject;
  readonly network: ExportNetwork;
  /** Of its files: `model`. */
  readonly stem: string;
  readonly weights: WeightsKind;
}

/** Name and text of the script that shows how a network is used: it predicts, or of a generator makes pictures. */
export function usageScript(facts: ScriptFacts): { readonly name: string; readonly text: string } {
  const { subject, network } = facts;
  if (subject.networks.length > 1 && network.name === 'main') return { name: 'generate.py', text: generateText(facts) };
  return { name: 'predict.py', text: isPicture(subject) ? pictureText(facts) : numbersText(facts) };
}

/** Bytes with one channel or three are pixels. */
export function isPicture({ preprocessing: { shape, isBytes } }: ExportSubject): boolean {
  return isBytes && shape.length === 3 && (shape[0] === 1 || shape[0] === 3);
}

function head({ stem, weights }: ScriptFacts): { readonly imports: string; readonly load: string } {
  const file = weights === 'safetensors' ? `${stem}.safetensors` : `${stem}.pt`;
  const read =
    weights === 'safetensors' ? `load_file(folder / "${file}")` : `torch.load(folder / "${file}", weights_only=True)`;
  return {
    imports: `${weights === 'safetensors' ? 'from safetensors.torch import load_file\n' : ''}from ${stem} import Network\n`,
    load: `folder = pathlib.Path(__file__).parent\nnetwork = Network().eval()\nnetwork.load_state_dict(${read})\n`,
  };
}

function pictureText(facts: ScriptFacts): string {
  const { imports, load } = head(facts);
  const { preprocessing } = facts.subject;
  const [channels, height, width] = preprocessing.shape;
  const x = `x = torch.tensor(numpy.array(image), dtype=torch.float32).view(1, ${height}, ${width}, ${channels}).permute(0, 3, 1, 2)`;
  return `"""Says what a picture shows: python predict.py PICTURE"""
import pathlib
import sys

import numpy
import torch
from PIL import Image, ImageOps
${imports}
${load}${pictureLines(facts.subject)}${x}
${inputText(facts)}with torch.no_grad():
    output = network(x)
${resultText(facts.subject)}`;
}

/** Reads `image` as the training images were read: turned as its camera noted, laid on a colour, brought to the size. */
function pictureLines({ project, preprocessing: { shape } }: ExportSubject): string {
  const [channels, height, width] = shape;
  const { fit, background } = pictureForm(project.data.import ?? {});
  const resized =
    fit === 'stretch'
      ? `image = image.resize((${width}, ${height}), Image.Resampling.LANCZOS)\n`
      : `scale = ${fit === 'cover' ? 'max' : 'min'}(${width} / image.width, ${height} / image.height)
size = round(image.width * scale), round(image.height * scale)
sheet = Image.new("RGB", (${width}, ${height}), "${background}")
sheet.paste(image.resize(size, Image.Resampling.LANCZOS), ((${width} - size[0]) // 2, (${height} - size[1]) // 2))
image = sheet
`;
  return `image = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGBA")
image = Image.alpha_composite(Image.new("RGBA", image.size, "${background}"), image).convert("RGB")
${resized}${channels === 1 ? 'image = image.convert("L")\n' : ''}`;
}

function numbersText(facts: ScriptFacts): string {
  const { imports, load } = head(facts);
  const { columnNames, preprocessing } = facts.subject;
  const { shape } = preprocessing;
  const numbers = columnNames.length === 0 ? `${shape.join(' x ')} NUMBERS` : columnNames.map(inDocstring).join(' ');
  return `"""Predicts${predicted(facts.subject)} from the numbers of one sample: python predict.py ${numbers}"""
import pathlib
import sys

import torch
${imports}
${load}x = torch.tensor([float(word) for word in sys.argv[1:]], dtype=torch.float64).view(${[1, ...shape].join(', ')})
${inputText(facts, 'torch.float64')}with torch.no_grad():
    output = network(x)
${resultText(facts.subject)}`;
}

/** What is predicted, where that has a name. */
function predicted({ classNames, targetNames }: ExportSubject): string {
  if (targetNames.length === 0) return '';
  return ` ${targetNames.map(inDocstring).join(', ')}${classNames.length > 0 ? ' (a class)' : ''}`;
}

function inDocstring(name: string): string {
  return name.replaceAll('\\', '\\\\').replaceAll('"', "'");
}

/** Makes the network's input of `x`, which is of a `type`. An embedding takes whole numbers and nothing else. */
function inputText({ subject, network }: ScriptFacts, type?: string): string {
  if (!isWholeInput(network, 0)) return `${normaliseText(subject, type)}${type === undefined ? '' : 'x = x.float()\n'}`;
  const { scale, offset } = subject.preprocessing;
  const isAsItIs = scale.every((value) => value === 1) && offset.every((value) => value === 0);
  return `${isAsItIs ? '' : normaliseText(subject, type)}x = x.long()\n`;
}

function normaliseText({ preprocessing: { shape, scale, offset } }: ExportSubject, type?: string): string {
  const given = (values: readonly number[]): string => list(values) + (type === undefined ? '' : `, dtype=${type}`);
  const view = `.view(${[1, -1, ...shape.slice(1).map(() => 1)].join(', ')})`;
  return `x = x * torch.tensor(${given(scale)})${view} + torch.tensor(${given(offset)})${view}\n`;
}

function list(values: readonly number[]): string {
  return `[${values.join(', ')}]`;
}

/** The probability of each class, by what the network gives for it. */
const probabilityText: Readonly<Record<OutputMeaning, string>> = {
  scores: 'output.softmax(1)',
  logarithms: 'output.exp()',
  logits: 'output.sigmoid()',
  probabilities: 'output',
  values: sharesText('output'),
  logarithmsOfValues: sharesText('output.exp()'),
};

/** What each value is above the least, or above 0 where that is below, as a share of all. */
function sharesText(values: string): string {
  return `torch.nn.functional.normalize(${values} - ${values}.amin(1, True).clamp(max=0), p=1)`;
}

function resultText({ project, classNames, targetNames }: ExportSubject): string {
  if (classNames.length === 0 && targetNames.length === 0) return 'print(output[0].tolist())\n';
  if (classNames.length === 0) {
    return `targets = [${targetNames.map(pythonString).join(', ')}]
for name, value in zip(targets, output[0].tolist()):
    print(f"{name}: {value:.6g}")
`;
  }
  const { recipe } = project;
  const probabilities = probabilityText[recipe.kind === 'supervised' ? outputMeaning(recipe.loss) : 'scores'];
  return `classes = [${classNames.map(pythonString).join(', ')}]
for probability, name in sorted(zip(${probabilities}[0].tolist(), classes), reverse=True):
    print(f"{probability:7.2%}  {name}")
`;
}

function generateText(facts: ScriptFacts): string {
  const { imports, load } = head(facts);
  const { subject, network } = facts;
  const [noise, classes] = network.inputs;
  const [channels, height, width] = subject.preprocessing.shape;
  const shape = noise!.samples.shape.slice(1).join(', ');
  const given = classes === undefined ? 'noise' : 'noise, torch.arange(64) % ' + String(subject.classNames.length);
  const { scale, offset } = subject.preprocessing;
  const back = `(images - torch.tensor(${list(offset)}).view(-1, 1, 1)) / torch.tensor(${list(scale)}).view(-1, 1, 1)`;
  return `"""Makes 64 pictures of noise: python generate.py FILE.png"""
import pathlib
import sys

import torch
from PIL import Image
${imports}
${load}noise = torch.randn(64, ${shape})
with torch.no_grad():
    images = network(${given}).view(8, 8, ${channels}, ${height}, ${width})
pixels = (${back}).clamp(0, 255).byte()
grid = pixels.permute(0, 3, 1, 4, 2).reshape(8 * ${height}, 8 * ${width}, ${channels}).squeeze(-1)
Image.fromarray(grid.numpy()).save(sys.argv[1])
`;
}

/** A script for torch.export and, where a compiler is, ahead-of-time compilation by AOTInductor. */
export function exportProgramText(facts: ScriptFacts): string {
  const { imports, load } = head(facts);
  const { network, stem } = facts;
  const example = network.inputs.map(({ samples: { shape } }, index) => {
    const type = isWholeInput(network, index) ? ', dtype=torch.long' : '';
    return `torch.zeros(${[2, ...shape.slice(1)].join(', ')}${type})`;
  });
  return `"""Writes ${stem}.pt2 by torch.export, for any batch size; with --compile also ${stem}.compiled.pt2 by AOTInductor."""
import pathlib
import sys

import torch
${imports}
${load}inputs = (${example.join(', ')},)
batch = torch.export.Dim("batch", min=1)
shapes = torch.export.ShapesCollection()
for given in inputs:
    shapes[given] = {0: batch}
program = torch.export.export(network, inputs, dynamic_shapes=shapes)
torch.export.save(program, folder / "${stem}.pt2")
if "--compile" in sys.argv:
    torch._inductor.aoti_compile_and_package(program, package_path=str(folder / "${stem}.compiled.pt2"))
`;
}
