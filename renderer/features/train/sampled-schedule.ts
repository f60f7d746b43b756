import { scheduleType } from '../../../core/catalogue/schedules/schedules.ts';
import type { Recipe, Schedule, ScheduleShape } from '../../../core/project/project.ts';
import { averagingOf, heldRate } from '../../../core/training/averaging.ts';
import { scheduleRates } from '../../../core/schedule/rates.ts';
import type { Point } from '../../ui/chart/series.ts';

/** Above this many steps the schedule is drawn as if epochs had fewer of them. */
const mostSteps = 40_000;
/** A drawing has no more pixels across. */
const mostPoints = 600;

/** The rate over the whole training, as it will be; `x` in epochs. */
export function sampledSchedule(schedule: Schedule, recipe: Recipe, trainSamples: number): readonly Point[] {
  const { epochs } = recipe;
  const real = Math.max(1, stepsOfEpoch(recipe, trainSamples));
  const stepsPerEpoch = Math.max(1, Math.min(real, Math.floor(mostSteps / epochs)));
  const rates = scheduleRates(shrunk(schedule, stepsPerEpoch / real), {
    epochs,
    stepsPerEpoch,
    ...heldRate(averagingOf(recipe)),
  });
  const every = Math.max(1, Math.floor(rates.length / mostPoints));
  const points: Point[] = [];
  for (let step = 0; step < rates.length; step += every) points.push({ x: step / stepsPerEpoch, y: rates[step]! });
  points.push({ x: epochs, y: rates.at(-1)! });
  return points;
}

function stepsOfEpoch(recipe: Recipe, trainSamples: number): number {
  const batches = Math.ceil(trainSamples / recipe.batchSize);
  return recipe.kind === 'adversarial' ? (recipe.iterations ?? batches) : Math.ceil(batches / (recipe.accumulate ?? 1));
}

/** A warm-up counted in steps gets shorter with the epochs. */
function shrunk(schedule: Schedule, by: number): Schedule {
  const { warmup } = schedule;
  if (warmup?.steps === undefined) return schedule;
  return { ...schedule, warmup: { ...warmup, steps: Math.max(1, Math.round(warmup.steps * by)) } };
}

/** Whether the rates hang on figures that only training gives. */
export function followsFigures(shape: ScheduleShape): boolean {
  if (shape.type === 'Phases') return shape.phases.some((phase) => followsFigures(phase.shape));
  return scheduleType(shape.type).followsFigures === true;
}
