import { decide } from '../catalogue/derive/decide.ts';
import type { Decided } from '../catalogue/declare.ts';
import { lossType } from '../catalogue/losses/losses.ts';
import type { Loss } from '../project/project.ts';
import type { PlanLoss } from './plan.ts';

/** With every option; lists that are not written are absent. */
export function planLoss(loss: Loss): PlanLoss {
  const decided: Decided = decide(lossType(loss.type).options, loss);
  const present = Object.entries(decided).filter(([, value]) => value !== null);
  return { type: loss.type, ...Object.fromEntries(present) };
}
