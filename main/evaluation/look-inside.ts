import { elementCount } from '../../core/catalogue/shape.ts';
import path from 'node:path';
import type {
  LookActivation,
  LookAnswer,
  LookExplanation,
  LookPrediction,
  LookQuestion,
  LookSubject,
  NumbersSubject,
  NearestImages,
} from '../../core/contract/look.ts';
import { classProbabilities, outputMeaning } from '../../core/catalogue/losses/output-meaning.ts';
import { beforeLastLinear } from '../../core/evaluation/before-last-linear.ts';
import type { SampleTensor } from '../../core/export/subject.ts';
import { targetMapping, targetsOf } from '../../core/training/plan-targets.ts';
import { readLabels } from '../datasets/read-labels.ts';
import type { Addon, EngineSession, Explanation } from '../engine/addon.ts';
import { goToBackground } from '../engine/in-background.ts';
import type { LookJob, LookReport } from '../engine/messages.ts';
import type { Questions } from '../engine/questions.ts';
import { fail, failureOf } from '../failures.ts';
import { HiddenFeatures } from './hidden-features.ts';
import { withCheckpoint } from './predict.ts';

/**
 * In the engine process: answers questions about the network of a checkpoint until it is stopped. While nothing is
 * asked, and once somebody wanted the nearest ones, it looks at training images.
 */
export function lookInside(
  job: LookJob,
  addon: Addon,
  questions: Questions<LookQuestion>,
  stop: AbortSignal,
  report: (report: LookReport) => void,
): Promise<null> {
  if (job.isInBackground) goToBackground();
  return withCheckpoint(job, addon, stop, async (session) => {
    const look = new Look(job, addon, session);
    await look.begin();
    while (!stop.aborted) {
      const asked = questions.take();
      if (asked !== undefined) report(await answered(look, asked.id, asked.question));
      else if (look.isGathering) await look.gather();
      else await questions.wait(stop);
      // What was asked meanwhile arrives.
      await new Promise(setImmediate);
    }
    return null;
  });
}

async function answered(look: Look, id: number, question: LookQuestion): Promise<LookReport> {
  try {
    return { type: 'answered', id, answer: await look.answer(question) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    return { type: 'refused', id, failure };
  }
}

class Look {
  readonly #job: LookJob;
  readonly #addon: Addon;
  readonly #session: EngineSession;
  readonly #weights: string;
  readonly #network: string;
  /** Null: it does not end in a Linear. */
  readonly #hidden: string | null;
  #features: HiddenFeatures | null = null;
  /** The last one, for who goes from layer to layer. */
  #explained: { readonly key: string; readonly found: Explanation } | null = null;

  constructor(job: LookJob, addon: Addon, session: EngineSession) {
    this.#job = job;
    this.#addon = addon;
    this.#session = session;
    this.#weights = path.join(job.folder, 'weights.safetensors');
    this.#network = JSON.stringify(job.plan.network);
    const hidden = beforeLastLinear(job.plan.network);
    this.#hidden = hidden && JSON.stringify(hidden);
  }

  begin(): Promise<void> {
    return this.#session.saveWeights(this.#weights, this.#job.weights);
  }

  get isGathering(): boolean {
    return this.#features?.isWhole === false;
  }

  async gather(): Promise<void> {
    await this.#features!.advance();
  }

  answer(question: LookQuestion): Promise<LookAnswer<LookQuestion>> {
    switch (question.kind) {
      case 'predict':
        return this.#predict(question.subject);
      case 'explain':
        return this.#explanation(question.subject, question.target);
      case 'activation':
        return this.#activation(question.subject, question.layer);
      case 'nearest':
        return this.#nearest(question.subject, question.count);
    }
  }

  async #predict(subject: LookSubject | NumbersSubject): Promise<LookPrediction> {
    const given = subject.kind === 'numbers' ? subject.numbers : await this.#pixelsOf(subject);
    const input = this.#normalised(given);
    const { outputs } = await this.#addon.runNetwork(this.#network, this.#weights, [input], false);
    return { probabilities: this.#predicted(outputs[0]!.data, input.shape[0]!) };
  }

  /** Probabilities of classes; of a regression the targets in their units. */
  #predicted(output: Float32Array, samples: number): Float32Array {
    const { plan } = this.#job;
    if (plan.data.classes === 0) return targetsOf(output, targetMapping(plan));
    const each = output.length / samples;
    const found = new Float32Array(output.length);
    for (let at = 0; at < output.length; at += each) found.set(this.#probabilities(output.subarray(at, at + each)), at);
    return found;
  }

  #probabilities(output: Float32Array): Float32Array {
    return classProbabilities(output, outputMeaning(this.#job.plan.training.loss));
  }

  async #explanation(subject: LookSubject, target: number | undefined): Promise<LookExplanation> {
    const { outputs, modules, maps, saliency, ...found } = await this.#explain(subject, target);
    return {
      target: found.target,
      precision: this.#job.plan.training.precision,
      probabilities: this.#probabilities(outputs[0]!.data),
      layers: modules.map(({ path, type, outputs }, place) => {
        const map = maps[place];
        return {
          path,
          type,
          shape: outputs[0]!.shape.slice(1),
          map: map ? { shape: map.shape, values: map.data } : null,
        };
      }),
      saliency: strongest(saliency, this.#job.plan.inputShape[0]!),
    };
  }

  async #activation(subject: LookSubject, layer: number): Promise<LookActivation> {
    const explained = this.#explained;
    const { modules } =
      explained?.key.startsWith(subjectKey(subject)) === true
        ? explained.found
        : await this.#explain(subject, undefined);
    const made = modules[layer]?.outputs[0];
    if (made === undefined) fail('notFound', `The network has no layer ${layer}: it has ${modules.length}.`);
    let [least, most] = [Infinity, -Infinity];
    for (const value of made.data) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
    return { shape: made.shape.slice(1), values: made.data, least, most };
  }

  async #explain(subject: LookSubject, target: number | undefined): Promise<Explanation> {
    const key = keyOf(subject, target);
    if (this.#explained?.key === key) return this.#explained.found;
    const input = this.#normalised(await this.#pixelsOf(subject));
    const found = await this.#addon.explainNetwork(this.#network, this.#weights, [input], target);
    this.#explained = { key, found };
    return found;
  }

  async #nearest(subject: LookSubject, count: number): Promise<NearestImages> {
    if (this.#hidden === null) return { features: null, among: 0, of: 0, most: 0, images: [] };
    const { plan } = this.#job;
    const { trainSamples } = this.#session.describe();
    const images = plan.data.augment.flippedCopies ? trainSamples / 2 : trainSamples;
    this.#features ??= new HiddenFeatures({ images, of: (indices) => this.#hiddenOf(indices) });
    const features = this.#features;
    if (features.among === 0) await features.advance();
    const [own] = await this.#hiddenOutputs(await this.#pixelsOf(subject));
    const found = features.nearest(own!.data, count);
    const indices = Int32Array.from(found, ({ index }) => index);
    const [labels, pixels] = await Promise.all([
      readLabels(plan.data.train, indices),
      this.#session.images('train', indices),
    ]);
    const size = pixels.length / Math.max(1, indices.length);
    return {
      ...{ features: features.features, among: features.among, of: images, most: features.most },
      images: found.map(({ index, distance }, place) => ({
        ...{ index, distance, label: labels[place]! },
        pixels: pixels.slice(place * size, (place + 1) * size),
      })),
    };
  }

  async #hiddenOf(indices: Int32Array): Promise<SampleTensor> {
    return (await this.#hiddenOutputs(await this.#session.images('train', indices)))[0]!;
  }

  async #hiddenOutputs(pixels: Uint8Array): Promise<readonly SampleTensor[]> {
    const given = [this.#normalised(pixels)];
    return (await this.#addon.runNetwork(this.#hidden!, this.#weights, given, false)).outputs;
  }

  async #pixelsOf(subject: LookSubject): Promise<Uint8Array> {
    const size = elementCount(this.#job.plan.inputShape);
    const pixels =
      subject.kind === 'pixels' ? subject.pixels : await this.#session.images('test', Int32Array.of(subject.index));
    if (pixels.length === size) return pixels;
    if (subject.kind === 'sample') fail('unavailable', 'The samples of this data set are not images.');
    return fail(
      'badUsage',
      `An image of ${pixels.length} bytes is not a sample of ${this.#job.plan.inputShape.join(' × ')}.`,
    );
  }

  /** One image or several as the network takes them. */
  #normalised(pixels: Uint8Array | Float32Array): SampleTensor {
    const { inputShape } = this.#job.plan;
    const { scale, offset } = this.#session.describe();
    const channels = inputShape[0]!;
    const plane = elementCount(inputShape) / channels;
    const data = new Float32Array(pixels.length);
    for (let at = 0; at < pixels.length; at++) {
      const channel = Math.floor(at / plane) % channels;
      data[at] = pixels[at]! * scale[channel]! + offset[channel]!;
    }
    return { shape: [pixels.length / (plane * channels), ...inputShape], data };
  }
}

function keyOf(subject: LookSubject, target: number | undefined): string {
  return `${subjectKey(subject)}${target ?? ''}`;
}

function subjectKey(subject: LookSubject): string {
  return subject.kind === 'sample' ? `sample ${subject.index} ` : `${Buffer.from(subject.pixels).toString('latin1')} `;
}

/** The largest size among the channels, at each place. */
function strongest(gradient: Float32Array, channels: number): Float32Array {
  const plane = gradient.length / channels;
  const found = new Float32Array(plane);
  for (let at = 0; at < gradient.length; at++) {
    found[at % plane] = Math.max(found[at % plane]!, Math.abs(gradient[at]!));
  }
  return found;
}
