import type { WalkWay } from '../generation/noise-walk.ts';
import type { Call } from './call.ts';

export interface SampleCalls {
  /** What the generator of a run's last checkpoint makes of noise. */
  'samples.make': Call<{ readonly run: string; readonly wish: SampleWish }, MadeSamples>;
  /** The frames of a walk, there and back, as a GIF. */
  'samples.animation': Call<{ readonly run: string; readonly wish: SampleWish }, Uint8Array>;
}

export interface SampleWish {
  /** Of the noise: the same from the same. */
  readonly seed: number;
  /** Samples of noise. A conditional generator makes a row of each class of them, the same noise in each. */
  readonly count: number;
  /** Of a conditional generator: only this class. */
  readonly class?: number;
  /** From that noise to the noise of another seed. */
  readonly walk?: { readonly toSeed: number; readonly frames: number; readonly way: WalkWay };
}

export interface MadeSamples {
  /** Whole epochs behind the checkpoint. */
  readonly epoch: number;
  /** What the rows are of; empty where they are of no class. */
  readonly rowNames: readonly string[];
  /** Images beside each other. */
  readonly columns: number;
  readonly frames: number;
  /** [channels, height, width]. */
  readonly imageShape: readonly number[];
  /** Frames × images × channels × height × width, images row by row. */
  readonly pixels: Uint8Array;
}
