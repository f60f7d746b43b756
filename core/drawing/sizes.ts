/** Measures of a drawing, in pixels at a zoom of 1. */
export const sizes = {
  /** Of a card; it grows with its text by steps, so that most are alike, up to the widest, where text is shortened. */
  card: { width: 184, step: 24, widest: 280, height: 46 },
  /** Of an open container, with its words. */
  header: 28,
  slimHeader: 10,
  /** Between a frame's side and what is in it. */
  padding: 12,
  slimPadding: 8,
  /** Between two modules in a row; a drop point lies in it. */
  gap: 24,
  /** Where no module can be put between: around marks and slim frames. */
  smallGap: 12,
  /** Where lines part or come together. */
  lane: 14,
  /** Between columns: body and shortcut, branches. */
  columns: 24,
  mark: { width: 26, height: 24 },
  /** `input` and `output`. */
  end: 26,
  /** A sequence without modules. */
  empty: { width: 184, height: 40 },
  /** A slot that may stay empty: of a shortcut, of what comes after. */
  slot: { width: 56, height: 20 },
} as const;

/** Mean widths of a character of the window's typeface, 12 pixels high. */
const characters = { regular: 6.7, bold: 7.6 };

/** About: no typeface is asked. */
export function textWidth(text: string, weight: 'regular' | 'bold' = 'regular'): number {
  return text.length * characters[weight];
}

/** About as wide as the view will draw it. */
export function cardWidth(title: string, details: string): number {
  const { width, step, widest } = sizes.card;
  const room = textWidth(title, 'bold') + textWidth(details) + 34;
  return Math.min(widest, width + step * Math.ceil(Math.max(0, room - width) / step));
}

export function headerWidth(title: string, details: string, parameters: string): number {
  return even(Math.min(300, textWidth(title, 'bold') + textWidth(details) + textWidth(parameters) + 56));
}

export function markWidth(label: string): number {
  return even(Math.max(sizes.mark.width, textWidth(label) + 16));
}

/** Middles fall on whole pixels. */
function even(width: number): number {
  return Math.ceil(width / 2) * 2;
}
