import type { ConfusionMatrix } from '../../../core/evaluation/confusion.ts';
import { escapeXml } from '../../../core/escape-xml.ts';

export interface MatrixPicture {
  readonly title: string;
  readonly matrix: ConfusionMatrix;
  readonly nameOf: (label: number) => string;
  readonly textOf: (value: number, label: number) => string;
}

export interface PictureColours {
  readonly paper: string;
  readonly ink: string;
  readonly quiet: string;
  readonly right: string;
  readonly wrong: string;
  readonly font: string;
}

const cell = 44;
/** Above this many classes a cell has no room for its number. */
const mostNumbers = 60;
const longestName = 18;

/** The confusion matrix as a picture: true classes in rows, predicted ones in columns, tinted as in the window. */
export function matrixSvg({ title, matrix, nameOf, textOf }: MatrixPicture, colours: PictureColours): string {
  const classes = matrix.length;
  const side = classes > mostNumbers ? Math.max(6, Math.round((cell * mostNumbers) / classes)) : cell;
  const names = Array.from({ length: classes }, (_, label) => shortened(nameOf(label)));
  const letters = Math.max(...names.map((name) => name.length));
  const left = 46 + letters * 7;
  const top = 70 + (letters > 5 ? letters * 7 : 14);
  const width = Math.max(left + classes * side + 16, 24 + title.length * 8);
  const height = top + classes * side + 16;
  const greatest = [true, false].map((isRight) =>
    matrix.reduce(
      (most, row, label) =>
        row.reduce((so, value, predicted) => ((label === predicted) === isRight ? Math.max(so, value) : so), most),
      1,
    ),
  );
  const text = (x: number, y: number, words: string, rest = ''): string =>
    `<text x="${x}" y="${y}" ${rest}>${escapeXml(words)}</text>`;
  const columns = names.map((name, predicted) => {
    const x = left + predicted * side + side / 2;
    return letters > 5
      ? text(x, top - 8, name, `transform="rotate(-90 ${x} ${top - 8})" dominant-baseline="middle"`)
      : text(x, top - 8, name, 'text-anchor="middle"');
  });
  const rows = names.map((name, label) => {
    const y = top + label * side + side / 2;
    return text(left - 8, y, name, 'text-anchor="end" dominant-baseline="middle"');
  });
  const cells = matrix.flatMap((row, label) =>
    row.flatMap((value, predicted) => {
      const isRight = label === predicted;
      const strength = 0.45 * Math.sqrt(value / greatest[isRight ? 0 : 1]!);
      const [x, y] = [left + predicted * side, top + label * side];
      const box =
        `<rect x="${x + 0.5}" y="${y + 0.5}" width="${side - 1}" height="${side - 1}" ` +
        `fill="${isRight ? colours.right : colours.wrong}" fill-opacity="${strength.toFixed(3)}"/>`;
      if (side < cell) return [box];
      const words = value === 0 ? '·' : textOf(value, label);
      return [box, text(x + side / 2, y + side / 2, words, 'text-anchor="middle" dominant-baseline="central"')];
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escapeXml(colours.font)}" font-size="12" fill="${colours.ink}">`,
    `<rect width="${width}" height="${height}" fill="${colours.paper}"/>`,
    text(16, 26, title, 'font-size="14" font-weight="600"'),
    text(16, 46, 'rows: true class, columns: predicted class', `fill="${colours.quiet}"`),
    ...columns,
    ...rows,
    ...cells,
    '</svg>',
    '',
  ].join('\n');
}

function shortened(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}
