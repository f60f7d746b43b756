import { cpus } from 'node:os';
import type { Device } from '../../core/contract/app.ts';
import { runInEngine } from '../engine/engine-host.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import type { EngineInspection } from '../engine/messages.ts';
import { defaultThreads } from '../threads.ts';

/** What can compute here. The engine is asked once; one that failed is asked again at the next wish. */
export class DeviceList {
  readonly #openEngine: OpenEngine;
  #asked: Promise<EngineInspection> | null = null;
  #versions: Readonly<Record<string, string>> = {};

  constructor(openEngine: OpenEngine) {
    this.#openEngine = openEngine;
  }

  /** Of the engine's libraries; empty before it was asked. */
  get versions(): Readonly<Record<string, string>> {
    return this.#versions;
  }

  async list(): Promise<readonly Device[]> {
    this.#asked ??= this.#ask();
    const [{ devices }, cores] = await Promise.all([this.#asked, defaultThreads()]);
    return devices.map((device) =>
      device.id === 'cpu' ? { ...device, name: cpus()[0]?.model ?? device.name, cores } : { ...device, cores: null },
    );
  }

  async #ask(): Promise<EngineInspection> {
    try {
      const inspection = await runInEngine({ kind: 'inspect' }, undefined, this.#openEngine()).result;
      const { libtorch, cuda } = inspection.versions;
      this.#versions = cuda === null ? { libtorch } : { libtorch, cuda };
      return inspection;
    } catch (error) {
      this.#asked = null;
      throw error;
    }
  }
}
