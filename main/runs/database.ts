import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import Database from 'libsql';
import { fail, failureOf, isErrorWithCode, withFile } from '../failures.ts';
import { FailureError } from '../../core/failure.ts';

export type Value = string | number | null | Uint8Array;

/**
 * The schema, one step a version: a database of version n has had the first n steps. Steps are never changed,
 * only added.
 */
const migrations: readonly string[] = [
  `CREATE TABLE runs (
     id TEXT PRIMARY KEY,
     project TEXT NOT NULL,
     created INTEGER NOT NULL,                 -- milliseconds since 1970
     status TEXT NOT NULL,                     -- running, finished, interrupted, failed
     owners TEXT NOT NULL,                     -- JSON list of ProcessIdentity: who works on it while it runs
     heartbeat INTEGER NOT NULL,               -- milliseconds since 1970, while it runs
     seed INTEGER NOT NULL,
     epochs INTEGER NOT NULL,
     threads INTEGER NOT NULL,
     device TEXT NOT NULL,                     -- as asked for until the engine has begun
     device_name TEXT,
     parameters INTEGER,
     train_samples INTEGER,
     test_samples INTEGER,
     steps_per_epoch INTEGER,
     seconds REAL,
     failure TEXT                              -- JSON Failure
   ) STRICT;
   CREATE INDEX runs_by_time ON runs (created);
   CREATE TABLE epochs (
     run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
     epoch INTEGER NOT NULL,                   -- from 1
     learning_rate REAL NOT NULL,
     train_loss REAL NOT NULL,
     train_accuracy REAL NOT NULL,
     test_loss REAL NOT NULL,
     test_accuracy REAL NOT NULL,
     seconds REAL NOT NULL,
     images_per_second REAL NOT NULL,
     PRIMARY KEY (run, epoch)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE batch_losses (
     run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
     epoch INTEGER NOT NULL,
     losses BLOB NOT NULL,                     -- float32, little-endian, one an optimizer step
     PRIMARY KEY (run, epoch)
   ) STRICT;`,
  `ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';         -- JSON list
   ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
   ALTER TABLE runs ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE runs ADD COLUMN epochs_done INTEGER NOT NULL DEFAULT 0;  -- this and the next two follow the epochs,
   ALTER TABLE runs ADD COLUMN test_accuracy REAL;                      -- so that thousands of runs sort at once
   ALTER TABLE runs ADD COLUMN best_test_accuracy REAL;
   UPDATE runs SET
     epochs_done = (SELECT count(*) FROM epochs WHERE run = runs.id),
     test_accuracy = (SELECT test_accuracy FROM epochs WHERE run = runs.id ORDER BY epoch DESC LIMIT 1),
     best_test_accuracy = (SELECT max(test_accuracy) FROM epochs WHERE run = runs.id);
   CREATE TABLE step_series (
     run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
     last_step INTEGER NOT NULL,               -- optimizer steps of the whole run behind the last point
     points BLOB NOT NULL,                     -- see stored-steps.ts
     PRIMARY KEY (run, last_step)
   ) STRICT;
   CREATE TABLE markers (
     run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
     time INTEGER NOT NULL,                    -- milliseconds since 1970
     kind TEXT NOT NULL,
     step INTEGER NOT NULL,                    -- of the whole run
     epoch REAL NOT NULL,
     changes TEXT                              -- JSON TrainingChanges
   ) STRICT;
   CREATE INDEX markers_by_run ON markers (run, time);`,
  `ALTER TABLE epochs ADD COLUMN averaged_loss REAL;                    -- of the test set by the averaged weights
   ALTER TABLE epochs ADD COLUMN averaged_accuracy REAL;
   ALTER TABLE runs ADD COLUMN averaged_accuracy REAL;                  -- of the last epoch`,
  // Where an epoch has these its run is a regression, and its accuracies are 0 and mean nothing.
  `ALTER TABLE epochs ADD COLUMN train_absolute_error REAL;             -- means, and roots of mean squares
   ALTER TABLE epochs ADD COLUMN train_square_error REAL;
   ALTER TABLE epochs ADD COLUMN test_absolute_error REAL;
   ALTER TABLE epochs ADD COLUMN test_square_error REAL;
   ALTER TABLE epochs ADD COLUMN averaged_absolute_error REAL;
   ALTER TABLE epochs ADD COLUMN averaged_square_error REAL;
   ALTER TABLE runs ADD COLUMN test_error REAL;                         -- root mean square, of the last epoch
   ALTER TABLE runs ADD COLUMN best_test_error REAL;`,
  // Where an epoch has these its run is adversarial: its losses are the discriminator's, and its accuracies mean nothing.
  `ALTER TABLE epochs ADD COLUMN train_generator_loss REAL;
   ALTER TABLE epochs ADD COLUMN test_generator_loss REAL;`,
  `ALTER TABLE runs ADD COLUMN name TEXT NOT NULL DEFAULT '';           -- empty only until the first look at it`,
  // Figures by name instead of a column each. Accuracies that were 0 because there is none are left out.
  `CREATE TABLE epoch_figures (
     run TEXT NOT NULL,
     epoch INTEGER NOT NULL,
     figure TEXT NOT NULL,                     -- a name of core/figures
     split TEXT NOT NULL,                      -- train, test, averaged
     value REAL NOT NULL,
     PRIMARY KEY (run, epoch, figure, split),
     FOREIGN KEY (run, epoch) REFERENCES epochs (run, epoch) ON DELETE CASCADE
   ) STRICT, WITHOUT ROWID;
   ${olderFigures().join('\n   ')}`,
  `ALTER TABLE runs ADD COLUMN best_epoch INTEGER;                      -- of the best checkpoint; 0: none is known`,
];

/** Moves what columns of `epochs` held. */
function olderFigures(): readonly string[] {
  const hasAccuracy = 'coalesce(test_square_error, test_generator_loss) IS NULL';
  const figures = [
    { figure: 'loss', column: 'loss', splits: ['train', 'test', 'averaged'], where: 'true' },
    { figure: 'accuracy', column: 'accuracy', splits: ['train', 'test', 'averaged'], where: hasAccuracy },
    { figure: 'meanAbsolute', column: 'absolute_error', splits: ['train', 'test', 'averaged'], where: 'true' },
    { figure: 'rootMeanSquare', column: 'square_error', splits: ['train', 'test', 'averaged'], where: 'true' },
    { figure: 'generatorLoss', column: 'generator_loss', splits: ['train', 'test'], where: 'true' },
  ];
  const columns = figures.flatMap(({ figure, column, splits, where }) =>
    splits.map((split) => ({ figure, split, column: `${split}_${column}`, where })),
  );
  const moves = columns.map(
    ({ figure, split, column, where }) =>
      `INSERT INTO epoch_figures SELECT run, epoch, '${figure}', '${split}', ${column} FROM epochs
         WHERE ${column} IS NOT NULL AND ${where};`,
  );
  return [...moves, ...columns.map(({ column }) => `ALTER TABLE epochs DROP COLUMN ${column};`)];
}

/** How long a writer waits for another process, in milliseconds. */
const patience = 10_000;

/** A connection to the index of runs. Statements take their values as a list: libsql reads a lone object as named values. */
export class RunDatabase {
  readonly #database: Database.Database;
  readonly #file: string;
  /** Of the file that was opened; null while it is being opened. */
  #inode: bigint | null = null;

  private constructor(database: Database.Database, file: string) {
    this.#database = database;
    this.#file = file;
  }

  /** Opens the file, making it or bringing it to the present schema first. Its folder exists. */
  static async open(file: string): Promise<RunDatabase> {
    // libsql gives no reason when it cannot open a file: let the system say it.
    await withFile(file, async () => (await open(file, 'a')).close());
    const database = openDatabase(file);
    const opened = new RunDatabase(database, file);
    try {
      await opened.#useWriteAheadLog();
      opened.#guard(() => database.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON'));
      opened.transaction(() => opened.#migrate());
    } catch (error) {
      database.close();
      throw error;
    }
    opened.#inode = inodeOf(file);
    return opened;
  }

  /** Changing the journal does not wait for other processes by itself. */
  async #useWriteAheadLog(): Promise<void> {
    for (let left = patience; ; left -= 20) {
      try {
        this.#database.exec('PRAGMA journal_mode = WAL');
        return;
      } catch (error) {
        if (left <= 0 || !isErrorWithCode(error, 'SQLITE_BUSY', 'SQLITE_LOCKED')) this.#guard(() => rethrow(error));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  #migrate(): void {
    const version = Number(this.all('PRAGMA user_version')[0]?.['user_version'] ?? 0);
    if (version > migrations.length) {
      fail(
        'unavailable',
        `${this.#file} was written by a newer Torchwright (schema ${version}; this version supports ${migrations.length}).`,
        {
          at: this.#file,
          advice: 'Update Torchwright, or set TORCHWRIGHT_HOME to another folder.',
        },
      );
    }
    for (const migration of migrations.slice(version)) this.#database.exec(migration);
    if (version < migrations.length) this.#database.exec(`PRAGMA user_version = ${migrations.length}`);
  }

  all(statement: string, values: readonly Value[] = []): Record<string, unknown>[] {
    return this.#guard(() => this.#database.prepare(statement).all([...values]) as Record<string, unknown>[]);
  }

  /** Returns how many rows changed. */
  run(statement: string, values: readonly Value[]): number {
    return this.#guard(() => this.#database.prepare(statement).run([...values]).changes);
  }

  transaction(work: () => void): void {
    this.#guard(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        work();
        this.#database.exec('COMMIT');
      } catch (error) {
        // A full disk has ended the transaction already.
        if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): void {
    this.#database.close();
  }

  /** A removed file can still be written to, and what is written is lost. The database is synchronous, so is the look. */
  #refuseRemoved(): void {
    if (this.#inode === null || inodeOf(this.#file) === this.#inode) return;
    fail('notFound', `The index of runs, ${this.#file}, was removed or replaced while it was in use.`, {
      at: this.#file,
      advice: 'Restore the folder, or restart Torchwright to use the current one.',
    });
  }

  #guard<T>(work: () => T): T {
    this.#refuseRemoved();
    try {
      return work();
    } catch (error) {
      const failure = failureOf(error, this.#file);
      if (failure === null || error instanceof FailureError) throw error;
      throw new FailureError(failure);
    }
  }
}

/** Null: the file cannot be seen. Windows lets nobody remove an open one. */
function inodeOf(file: string): bigint | null {
  try {
    return statSync(file, { bigint: true }).ino;
  } catch {
    return null;
  }
}

/** The system opens paths that SQLite finds too long; its error then has no code. */
function openDatabase(file: string): Database.Database {
  try {
    return new Database(file, { timeout: patience });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail('notWritable', `The index of runs cannot be opened: ${reason}.`, {
      at: file,
      advice: 'Set TORCHWRIGHT_HOME to a folder with a shorter path.',
    });
  }
}

function rethrow(error: unknown): never {
  throw error;
}
