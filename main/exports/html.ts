import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { outputMeaning } from '../../core/catalogue/losses/output-meaning.ts';
import type { OutputMeaning } from '../../core/catalogue/losses/output-meaning.ts';
import type { ExportNetwork, ExportSubject } from '../../core/export/subject.ts';
import { suitsWebPage } from '../../core/export/web-page.ts';
import { writeModel } from '../../core/export/onnx/write-model.ts';
import { pictureForm } from '../../core/project/import-settings.ts';
import type { PictureForm } from '../../core/project/import-settings.ts';
import { fail } from '../failures.ts';
import { resourcesFolder } from '../paths.ts';
import type { Exporter } from './exporter.ts';
import { onnxRuntimeVersion } from './onnx-runtime.ts';
import { makeNetworkModel, proveOnnx } from './onnx.ts';

const file = 'model.html';

/** One page that holds the network, ONNX Runtime Web and all it needs: it opens from the disk, without a network. */
export const exportHtml: Exporter = async (subject, context) => {
  const [network] = subject.networks;
  const details = detailsOf(network, subject);
  context.onProgress('running the network by ONNX Runtime');
  const options = { ...context.options, preprocess: true };
  const made = makeNetworkModel(network, subject, options);
  const { model, weights } = writeModel(made.model, 'weights');
  if (weights !== null) fail('badUsage', 'Weights of more than two gigabytes are too large for a web page.');
  const proof = await proveOnnx(network, subject, made, { ...context, options });
  context.onProgress(`writing ${file}`);
  await writeFile(path.join(context.folder, file), await pageOf(subject, details, Buffer.concat(model)));
  return {
    files: [{ name: file, about: 'the network as a self-contained page for any browser' }],
    usage: `Open \`${file}\` in a browser, or share the file. The page runs the network locally and sends no data.`,
    preprocesses: true,
    proofs: [proof],
  };
};

/** What resources/exports/web-page/page.js asks for. */
interface PageDetails {
  readonly kind: 'classify' | 'generate';
  readonly classNames: readonly string[];
  readonly output: OutputMeaning;
  /** [channels, height, width] of the pictures. */
  readonly shape: readonly number[];
  readonly inputs: readonly string[];
  /** Whether drawings are to lie as MNIST's digits do. */
  readonly isDigits: boolean;
  /** How a picture of another size is read. */
  readonly form: PictureForm;
  readonly noise: readonly number[];
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** Fails for what is neither a network that tells classes of pictures nor one that makes pictures. */
function detailsOf(network: ExportNetwork, { project, preprocessing, classNames }: ExportSubject): PageDetails {
  const { shape, scale, offset } = preprocessing;
  const makes = project.recipe.kind === 'adversarial';
  if (!suitsWebPage({ isAdversarial: makes, shape, isBytes: preprocessing.isBytes, classes: classNames.length })) {
    fail('badUsage', 'A web page can be made only of a network that classifies or generates images.');
  }
  return {
    kind: makes ? 'generate' : 'classify',
    classNames,
    output: project.recipe.kind === 'supervised' ? outputMeaning(project.recipe.loss) : 'scores',
    shape,
    inputs: network.inputs.map(({ name }) => name),
    isDigits: project.data.source === 'mnist',
    form: pictureForm(project.data.import ?? {}),
    noise: project.recipe.kind === 'adversarial' ? project.recipe.noise : [],
    scale,
    offset,
  };
}

async function pageOf(subject: ExportSubject, details: PageDetails, model: Buffer): Promise<string> {
  const folder = path.join(resourcesFolder, 'exports', 'web-page');
  const text = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  const runtime = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
  const [page, style, script, runtimeScript, wasm] = await Promise.all([
    text('page.html'),
    text('page.css'),
    text('page.js'),
    readFile(path.join(runtime, 'ort.wasm.bundle.min.mjs')),
    readFile(path.join(runtime, 'ort-wasm-simd-threaded.wasm')),
  ]);
  const parts: Readonly<Record<string, string>> = {
    title: escaped(subject.project.name),
    about: escaped(aboutOf(subject)),
    runtime: onnxRuntimeVersion(),
    style,
    script,
    details: inScript(JSON.stringify(details)),
    runtimeScript: await packed(runtimeScript),
    wasm: await packed(wasm),
    model: await packed(model),
  };
  // A program and a style stand in comments, which a formatter leaves alone.
  return page.replace(/(?:\/\* )?\{\{(\w+)\}\}(?: \*\/)?/g, (_, part: string) => parts[part]!);
}

function aboutOf({ project, classNames, measured }: ExportSubject): string {
  const accuracy = measured?.accuracy ?? null;
  const right = accuracy === null ? '' : ` It is right on ${(100 * accuracy).toFixed(1)} % of the test pictures.`;
  if (project.recipe.kind === 'adversarial') return 'A network that generates images from noise.';
  return `A network that classifies ${classNames.length} classes of images.${right}`;
}

async function packed(bytes: Uint8Array): Promise<string> {
  return (await promisify(gzip)(bytes, { level: 9 })).toString('base64');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON that cannot end the element it stands in. */
function inScript(json: string): string {
  return json.replaceAll('<', '\\u003c');
}
