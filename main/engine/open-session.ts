import { outputMeaning, probabilitiesOfRows } from '../../core/catalogue/losses/output-meaning.ts';
import type { OutputMeaning } from '../../core/catalogue/losses/output-meaning.ts';
import { epochFigures } from '../../core/figures/of-epochs.ts';
import type { Measured } from '../../core/figures/measured.ts';
import { inTargetUnits } from '../../core/training/plan-targets.ts';
import type { TargetScaling } from '../../core/training/plan-targets.ts';
import type { Plan } from '../../core/training/plan.ts';
import type { Addon, EngineSession, EpochProgress, Predictions } from './addon.ts';

/**
 * A session that reports predictions and errors in units of the targets, though the engine may compute with
 * standardised ones, and predictions of classes as probabilities. Losses stay as the engine computes them.
 */
export async function openSession(addon: Addon, plan: Plan): Promise<EngineSession> {
  const session = await addon.createSession(JSON.stringify(plan));
  const { classes, targetScaling } = plan.data;
  if (targetScaling !== undefined) return inTheirUnits(session, targetScaling);
  return classes === 0 ? session : inProbabilities(session, classes, outputMeaning(plan.training.loss));
}

function inProbabilities(session: EngineSession, classes: number, meaning: OutputMeaning): EngineSession {
  const inShares = (values: Float32Array): Float32Array => probabilitiesOfRows(values, classes, meaning);
  const ofClasses = (predictions: Predictions): Predictions => ({
    ...predictions,
    probabilities: inShares(predictions.probabilities),
  });
  return replaced(session, {
    evaluate: async (split, weights) => {
      const outcome = await session.evaluate(split, weights);
      return { ...outcome, predictions: outcome.predictions && ofClasses(outcome.predictions) };
    },
    predict: async (split, weights) => ofClasses(await session.predict(split, weights)),
    predictViews: async (...views) => inShares(await session.predictViews(...views)),
  });
}

function inTheirUnits(session: EngineSession, scaling: TargetScaling): EngineSession {
  return replaced(session, {
    train: async (request, onProgress) => {
      const inUnits = onProgress && ((progress: EpochProgress) => onProgress(figuresIn(progress, scaling)));
      return figuresIn(await session.train(request, inUnits), scaling);
    },
    evaluate: async (split, weights) => {
      const outcome = figuresIn(await session.evaluate(split, weights), scaling);
      const { predictions } = outcome;
      return { ...outcome, predictions: predictions && predictionsIn(predictions, scaling) };
    },
    predict: async (split, weights) => predictionsIn(await session.predict(split, weights), scaling),
  });
}

function replaced(session: EngineSession, changed: Partial<EngineSession>): EngineSession {
  return new Proxy(session, {
    get(target, name) {
      const found: unknown = Reflect.get(name in changed ? changed : target, name);
      // Methods of the addon's object need it as theirs.
      return typeof found === 'function' ? (found.bind(target) as unknown) : found;
    },
  });
}

/** Errors over several targets have no unit: they stay in deviations. */
function figuresIn<Outcome extends Measured>(outcome: Outcome, { scale }: TargetScaling): Outcome {
  const [deviation = 1, ...more] = scale;
  if (more.length > 0) return outcome;
  const scaled = epochFigures.flatMap(({ name, unit }) => {
    const value = outcome[name];
    return unit === 'target' && value !== undefined ? [[name, value * deviation] as const] : [];
  });
  return { ...outcome, ...Object.fromEntries(scaled) };
}

function predictionsIn(predictions: Predictions, scaling: TargetScaling): Predictions {
  const { probabilities, targets } = predictions;
  return {
    ...predictions,
    probabilities: inTargetUnits(probabilities, scaling),
    targets: targets && inTargetUnits(targets, scaling),
  };
}
