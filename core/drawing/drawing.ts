import type { Address } from '../network/address.ts';
import type { Target } from '../editing/target.ts';

/** A network as a picture: positions in pixels from the top left, computed from the tree and nothing else. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Containers before what is in them. */
  readonly modules: readonly DrawnModule[];
  readonly marks: readonly DrawnMark[];
  readonly lines: readonly DrawnLine[];
  readonly drops: readonly DropPoint[];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * `card`: a layer. `closed`: a container as a card with its totals. `frame`: an open container around its parts. A
 * Sequential without a name that only fills a slot (body, shortcut, after, branch) has a slim frame: its header is a
 * strip to take it by, too low for words.
 */
export interface DrawnModule extends Box {
  readonly address: Address;
  readonly kind: 'card' | 'closed' | 'frame';
  /** Of a frame: `sizes.header` or `sizes.slimHeader`; 0 of a card. */
  readonly headerHeight: number;
  /** From the left of the drawing: where data comes in and goes out. Modules of one column have the same. */
  readonly axis: number;
  /** `Conv2d`, `Residual`; of a Block's instance the Block's name. */
  readonly type: string;
  /** Family of a layer, or `container`. */
  readonly family: string;
  /** Its own name, where it has one. */
  readonly name: string | undefined;
  /** The options that matter: `64, 3×3, stride 2`; of a Repeat `× 3`; closed, how many modules are in it. */
  readonly details: string;
  /** Output of one sample: `64 × 32 × 32`; empty where not known. */
  readonly shape: string;
  /** `36,928`; empty for none or not known. */
  readonly parameters: string;
  /** The same without being shortened: `1,234,567,890` for `1.2 G`. */
  readonly parametersInFull: string;
  /** What it is to the container around: `body`, `shortcut`, `after`, `branch 2`; empty in a sequence. */
  readonly role: string;
  readonly isFaulty: boolean;
  readonly isFrozen: boolean;
  /** Of a shortcut that is not computed where it stands: its Residual adds the input itself. */
  readonly isUnused: boolean;
  /** Its container's frame; null at the top. */
  readonly around: Address | null;
  /** How many frames lie around it. */
  readonly depth: number;
}

/**
 * What a container computes itself: the addition of a Residual, the differences of an NBeats, the join of a Fork, the count of a Repeat, what
 * a Recurrent hands on.
 */
export interface DrawnMark extends Box {
  readonly kind: 'add' | 'subtract' | 'join' | 'repeat' | 'recurrent' | 'inlet' | 'input' | 'output';
  /** `+`, `cat`, `× 3`, `1 × 28 × 28`. */
  readonly label: string;
  /** The container whose mark it is. */
  readonly address: Address;
}

/** From module to module, in straight pieces. */
export interface DrawnLine {
  readonly kind: 'flow' | 'shortcut';
  readonly points: readonly (readonly [x: number, y: number])[];
  /** It runs into what it ends at. Without: it goes on there, out of a frame or through an empty slot. */
  readonly hasArrow: boolean;
}

/** Where a module can be put. Between the branches of a Fork it stands upright, else it lies across the flow. */
export interface DropPoint extends Box, Target {
  /** `empty`: a place that waits for a module, drawn as such. `between`: seen when something is dragged, or near the pointer. */
  readonly kind: 'between' | 'empty';
}

/** What of the network is looked at. */
export interface View {
  /** The module that is entered; `networks.main` for all. */
  readonly root: Address;
  /** Containers that are drawn as a card. */
  readonly closed: ReadonlySet<Address>;
  /** A chain at the top that is taller than a window goes on in columns beside one another. */
  readonly isInColumns?: boolean;
}
