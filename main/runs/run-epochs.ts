import { splits } from '../../core/figures/figure.ts';
import type { Split } from '../../core/figures/figure.ts';
import { pick } from '../../core/figures/measured.ts';
import type { Measured } from '../../core/figures/measured.ts';
import { epochFigures } from '../../core/figures/of-epochs.ts';
import { runFigures } from '../../core/figures/of-runs.ts';
import { snakeCase } from '../../core/snake-case.ts';
import type { EpochFinished } from '../../core/training/events.ts';
import { readCheckpointIndex } from './checkpoint-index.ts';
import type { RunDatabase } from './database.ts';
import { checkpointsFolder } from './run-folder.ts';

/** The finished epochs of runs, and what follows from them for the run: how many, its last figures and its best. */
export class RunEpochs {
  readonly #database: RunDatabase;

  constructor(database: RunDatabase) {
    this.#database = database;
  }

  of(id: string): EpochFinished[] {
    const rows = this.#database.all(
      `SELECT e.*, r.epochs AS total FROM epochs e JOIN runs r ON r.id = e.run WHERE e.run = ? ORDER BY e.epoch`,
      [id],
    );
    const figures = this.#figuresOf(id);
    return rows.map((row) => {
      const epoch = Number(row['epoch']);
      const { train, test, averaged } = figures.get(epoch) ?? {};
      return {
        event: 'epochFinished',
        run: id,
        epoch,
        epochs: Number(row['total']),
        learningRate: Number(row['learning_rate']),
        train: measured(train),
        test: measured(test),
        ...(averaged === undefined ? {} : { averaged: measured(averaged) }),
        seconds: Number(row['seconds']),
        imagesPerSecond: Number(row['images_per_second']),
      };
    });
  }

  /** Replaces all epochs of a run by those its checkpoint has behind it: later ones will be trained again. */
  replace(id: string, epochs: readonly EpochFinished[]): void {
    this.#database.transaction(() => {
      this.#database.run('DELETE FROM epochs WHERE run = ?', [id]);
      for (const epoch of epochs) this.#insert(epoch);
      this.#follow(id);
    });
  }

  add(event: EpochFinished): void {
    this.#database.transaction(() => {
      this.#insert(event);
      this.#follow(event.run);
    });
  }

  /** The epoch whose weights are the best checkpoint, by whatever the recipe judges: its figures are the run's best. */
  setBest(id: string, epoch: number): void {
    this.#database.transaction(() => {
      this.#database.run('UPDATE runs SET best_epoch = ? WHERE id = ?', [epoch, id]);
      this.#follow(id);
    });
  }

  /** Of runs of versions that did not keep it here, once: from the index of their checkpoints. 0: there is none. */
  async findBest(): Promise<void> {
    for (const row of this.#database.all('SELECT id FROM runs WHERE best_epoch IS NULL AND epochs_done > 0')) {
      const id = String(row['id']);
      // One that is gone or damaged is reported to whoever uses it.
      const index = await readCheckpointIndex(checkpointsFolder(id)).catch(() => null);
      this.#database.run('UPDATE runs SET best_epoch = ? WHERE id = ? AND best_epoch IS NULL', [
        index?.best?.epoch ?? 0,
        id,
      ]);
      this.#follow(id);
    }
  }

  #insert(event: EpochFinished): void {
    const { run, epoch } = event;
    this.#database.run(
      `INSERT OR REPLACE INTO epochs (run, epoch, learning_rate, seconds, images_per_second) VALUES (?, ?, ?, ?, ?)`,
      [run, epoch, event.learningRate, event.seconds, event.imagesPerSecond],
    );
    const rows = splits.flatMap((split) =>
      Object.entries(pick(event[split] ?? {}, epochFigures))
        .filter(([, value]) => !Number.isNaN(value))
        .map(([figure, value]) => [run, epoch, figure, split, value]),
    );
    // A training that left the numbers has an epoch without any.
    if (rows.length === 0) return;
    const places = rows.map(() => '(?, ?, ?, ?, ?)').join(', ');
    this.#database.run(`INSERT INTO epoch_figures (run, epoch, figure, split, value) VALUES ${places}`, rows.flat());
  }

  /** What a run's row says of its epochs. */
  #follow(id: string): void {
    const valueOf = ({ figure, of }: (typeof runFigures)[number]): string => {
      const values = `FROM epoch_figures WHERE run = runs.id AND figure = '${figure}'`;
      if (of !== 'best') {
        const last = '(SELECT max(epoch) FROM epochs WHERE run = runs.id)';
        return `(SELECT value ${values} AND split = '${of}' AND epoch = ${last})`;
      }
      const best = epochFigures.find(({ name }) => name === figure)?.better === 'higher' ? 'max' : 'min';
      const judged = `SELECT ${best}(value) ${values} AND split IN ('test', 'averaged')`;
      return `coalesce((${judged} AND epoch = runs.best_epoch), (${judged}))`;
    };
    const figures = runFigures.map((each) => `${snakeCase(each.name)} = ${valueOf(each)}`);
    this.#database.run(
      `UPDATE runs SET
         epochs_done = (SELECT count(*) FROM epochs WHERE run = runs.id),
         ${figures.join(',\n         ')}
       WHERE id = ?`,
      [id],
    );
  }

  /** Figures that this version does not know are left out. */
  #figuresOf(id: string): ReadonlyMap<number, StoredFigures> {
    const epochs = new Map<number, StoredFigures>();
    const rows = this.#database.all('SELECT epoch, figure, split, value FROM epoch_figures WHERE run = ?', [id]);
    for (const { epoch, figure, split, value } of rows) {
      const known = epochs.get(Number(epoch)) ?? {};
      epochs.set(Number(epoch), known);
      (known[split as Split] ??= {})[String(figure)] = value;
    }
    return epochs;
  }
}

type StoredFigures = Partial<Record<Split, Record<string, unknown>>>;

function measured(stored: Record<string, unknown> = {}): Measured {
  return { ...pick(stored, epochFigures), loss: Number(stored['loss']) };
}
