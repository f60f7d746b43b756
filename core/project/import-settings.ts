/** How data of one's own are read, where the source itself does not say. Every field has a default that mostly suits. */
export interface ImportSettings {
  /** Absent: text and few different whole numbers are classes, other numbers a regression. */
  readonly task?: 'classification' | 'regression';
  /** Of a table: the column to tell, or the columns of a regression. Absent: the last one. */
  readonly target?: string | readonly string[];
  /** Height and width that images are brought to. Absent: the commonest size among them, or the median if none is common. */
  readonly size?: readonly [number, number];
  /** How an image of another aspect ratio is brought to that size. Absent: cover. */
  readonly fit?: PictureFit;
  /** `#rrggbb`: what transparent pixels are laid on, and what fills the edges with `contain`. Absent: white. */
  readonly background?: string;
  /** 1: grey, 3: colour. Absent: grey where every image is. */
  readonly channels?: 1 | 3;
  /** What is kept for testing: by default a fifth, of every class alike, drawn from seed 0. */
  readonly split?: { readonly testFraction?: number; readonly seed?: number };
}

/** contain: all of the picture, with edges filled; cover: no edges, what stands over is cropped; stretch: distorted. */
export type PictureFit = 'contain' | 'cover' | 'stretch';

export const standardFit: PictureFit = 'cover';
export const standardBackground = '#ffffff';

/** How pictures become samples, whatever their size. */
export type PictureForm = Required<Pick<ImportSettings, 'fit' | 'background'>>;

export function pictureForm({ fit = standardFit, background = standardBackground }: ImportSettings): PictureForm {
  return { fit, background };
}

/** What that makes of a picture, in a sentence. */
export function pictureFormText({ fit, background }: PictureForm, height: number, width: number): string {
  const size = `${height} × ${width}`;
  const scaled = {
    cover: `It is scaled to fill ${size} and cropped in the middle`,
    contain: `It is scaled to fit into ${size} and padded with ${background}`,
    stretch: `It is stretched to ${size}`,
  }[fit];
  return `${scaled}; transparent pixels become ${background}.`;
}
