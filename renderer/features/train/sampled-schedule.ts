import { scheduleType } from '../../../core/catalogue/schedules/schedules.ts';
import type { Recipe, Schedule, ScheduleShape } from '../../../core/project/project.ts';
import { stepsOfEpoch } from '../../../core/training/batches.ts';
import { averagingOf, heldRate } from '../../../core/training/averaging.ts';
import { rateOfEachStep } from '../../../core/schedule/rates.ts';
import type { Point } from '../../ui/chart/series.ts';

/** About as many points as a drawing has pixels across. */
const mostPoints = 600;

/** The rate over the whole training, however long, as it will be; `x` in epochs. */
export function sampledSchedule(schedule: Schedule, recipe: Recipe, trainSamples: number): readonly Point[] {
  const { epochs } = recipe;
  const stepsPerEpoch = Math.max(1, stepsOfEpoch(recipe, trainSamples));
  const rateAt = rateOfEachStep(schedule, { epochs, stepsPerEpoch, ...heldRate(averagingOf(recipe)) });
  const steps = epochs * stepsPerEpoch;
  const every = Math.max(1, Math.floor(steps / mostPoints));
  const points: Point[] = [];
  for (let step = 0; step < steps; step += every) {
    points.push({ x: step / stepsPerEpoch, y: rateAt(Math.floor(step / stepsPerEpoch), step % stepsPerEpoch) });
  }
  points.push({ x: epochs, y: rateAt(epochs - 1, stepsPerEpoch - 1) });
  return points;
}

/** Whether the rates hang on figures that only training gives. */
export function followsFigures(shape: ScheduleShape): boolean {
  if (shape.type === 'Phases') return shape.phases.some((phase) => followsFigures(phase.shape));
  return scheduleType(shape.type).followsFigures === true;
}
