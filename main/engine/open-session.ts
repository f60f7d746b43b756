import { epochFigures } from '../../core/figures/of-epochs.ts';
import type { Measured } from '../../core/figures/measured.ts';
import { inTargetUnits } from '../../core/training/plan-targets.ts';
import type { TargetScaling } from '../../core/training/plan-targets.ts';
import type { Plan } from '../../core/training/plan.ts';
import type { Addon, EngineSession, EpochProgress, Predictions } from './addon.ts';

/**
 * A session that reports predictions and errors in units of the targets, though the engine may compute with
 * standardised ones. Losses stay as the engine computes them.
 */
export async function openSession(addon: Addon, plan: Plan): Promise<EngineSession> {
  const session = await addon.createSession(JSON.stringify(plan));
  const { targetScaling } = plan.data;
  return targetScaling === undefined ? session : inTheirUnits(session, targetScaling);
}

function inTheirUnits(session: EngineSession, scaling: TargetScaling): EngineSession {
  const changed: Partial<EngineSession> = {
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
  };
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
