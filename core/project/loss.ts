import type { WrittenLoss } from '../catalogue/losses/loss-type.ts';
import type { lossTypes } from '../catalogue/losses/losses.ts';

/** What training makes smaller. Options are those of `core/catalogue/losses`. */
export type Loss = WrittenLoss<(typeof lossTypes)[number]>;
