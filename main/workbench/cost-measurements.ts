import { createHash } from 'node:crypto';
import { FailureError } from '../../core/failure.ts';
import type { MeasureCost } from '../../core/contract/training.ts';
import { parseProject } from '../../core/project/parse.ts';
import type { Project } from '../../core/project/project.ts';
import type { MeasuredCost } from '../../core/training/cost.ts';
import { costlyText } from '../../core/training/cost-facts.ts';
import type { EngineRun, OpenEngine } from '../engine/engine-host.ts';
import { fail } from '../failures.ts';
import { startMeasuringCost } from '../training/start-measuring-cost.ts';

/** Measurements that are remembered. */
const mostKept = 200;

/** What trainings cost, measured by a few steps. One at a time, and none beside a training, which it would slow. */
export class CostMeasurements {
  readonly #openEngine: OpenEngine;
  readonly #known = new Map<string, MeasuredCost>();
  #current: { readonly engine: Promise<EngineRun<'measureCost'>>; isCancelled: boolean } | null = null;

  constructor(openEngine: OpenEngine) {
    this.#openEngine = openEngine;
  }

  async measure({ projectText, device, isNew }: MeasureCost): Promise<MeasuredCost | null> {
    const parsed = parseProject(projectText);
    if (!parsed.ok) throw new FailureError(parsed.failures[0]!);
    const key = keyOf(parsed.project, device);
    if (!isNew) return this.#known.get(key) ?? null;
    this.cancel();
    const engine = startMeasuringCost({ project: parsed.project, device, openEngine: this.#openEngine });
    const mine = { engine, isCancelled: false };
    this.#current = mine;
    try {
      const measured = await (await engine).result;
      this.#remember(key, measured);
      return measured;
    } catch (error) {
      if (mine.isCancelled) fail('cancelled', 'The measurement was cancelled.');
      throw error;
    } finally {
      if (this.#current === mine) this.#current = null;
    }
  }

  /** At once: a training wants the device. */
  cancel(): void {
    const current = this.#current;
    if (current === null) return;
    current.isCancelled = true;
    void current.engine.then(
      (engine) => engine.kill(),
      () => undefined,
    );
  }

  #remember(key: string, measured: MeasuredCost): void {
    this.#known.delete(key);
    this.#known.set(key, measured);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= mostKept) return;
      this.#known.delete(oldest);
    }
  }
}

function keyOf(project: Project, device: string): string {
  return createHash('sha256')
    .update(JSON.stringify([costlyText(project), device]))
    .digest('hex');
}
