import { counted } from '../../../core/format.ts';
import { readCell } from './cell.ts';
import type { DecimalSign } from './cell.ts';
import type { TableColumns } from './csv-columns.ts';
import type { TableFile } from './csv-rows.ts';
import { delimiterInWords } from './delimiter-in-words.ts';
import { encodingTitles } from './table-encoding.ts';

/** What of the writing was not as a table mostly is, in sentences. */
export function writingNotes(
  table: TableFile,
  columns: TableColumns,
  classNames: readonly string[],
): readonly string[] {
  const { encoding, comments, file } = table;
  const { hasHeader, hasNumericHeader, names, hasTextClasses, flags, grouped, percent } = columns;
  const alike = classNames.filter((name) =>
    classNames.some((other) => other !== name && other.toLowerCase() === name.toLowerCase()),
  );
  const words = classNames.filter((name) => hasTextClasses && readCell(name).kind === 'empty');
  return [
    ...(encoding === 'utf-8' ? [] : [`The text of ${file} is read as ${encodingTitles[encoding]}.`]),
    ...signNotes(table, columns),
    ...(comments > 0 ? [`The first ${comments === 1 ? 'line is' : `${comments} lines are`} skipped as comments.`] : []),
    ...(hasHeader ? [] : ['The table has no line of column names, so its columns are numbered.']),
    ...[...grouped].flatMap(([mark, columnNames]) =>
      columnNames.length === 0 ? [] : [`The ${mark} in ${listed(columnNames)} separate thousands.`],
    ),
    ...(percent.length > 0 ? [`Percent signs are ignored: 12 % is read as 12 (${listed(percent)}).`] : []),
    ...(flags.size > 0
      ? [`Yes and true are read as 1, no and false as 0 (${listed([...flags].map((column) => names[column]!))}).`]
      : []),
    ...(hasTextClasses && alike.length > 0 ? [`Some classes differ only in case: ${listed(alike)}.`] : []),
    ...(hasNumericHeader ? [`The first line is read as the names of the columns: ${listed(names)}.`] : []),
    ...words.map((name) => `Rows whose target is ${name} are a class of that name, not missing values.`),
  ];
}

const signTitles: Readonly<Record<DecimalSign, string>> = { '.': 'decimal points', ',': 'decimal commas' };
const markTitles: Readonly<Record<DecimalSign, string>> = { '.': 'points', ',': 'commas' };

/** What separates the cells, and which sign is the decimal one. */
function signNotes({ delimiter }: TableFile, { names, uses, numbers }: TableColumns): readonly string[] {
  const { shown, decimals } = numbers;
  const used = numbers.columns.flatMap(({ areNumbers, certain, open }, column) =>
    areNumbers && uses[column]!.use !== 'leftOut'
      ? [{ name: names[column]!, decimal: decimals[column]!, certain, open }]
      : [],
  );
  const certainly = (sign: DecimalSign): readonly string[] =>
    used.filter(({ decimal, certain }) => decimal === sign && certain[sign] > 0).map(({ name }) => name);
  const [points, commas] = [certainly('.'), certainly(',')];
  const areMixed = points.length > 0 && commas.length > 0;
  const between = delimiterInWords(delimiter);
  const haveCommas = used.some(({ decimal, certain, open }) => decimal === ',' && (certain[','] > 0 || open !== null));
  return [
    ...(haveCommas && !areMixed
      ? [`Numbers are read with a decimal comma, and cells are separated by ${between}.`]
      : delimiter === ','
        ? []
        : [`Cells are separated by ${between}.`]),
    ...(areMixed
      ? [
          `Numbers have decimal commas in ${listed(commas)} and decimal points in ${listed(points)}: each column is read as it is written.`,
        ]
      : []),
    ...used.flatMap(({ name, decimal, certain }) => {
      const other = decimal === '.' ? ',' : '.';
      return certain[other] === 0
        ? []
        : [
            `The column ${name} has ${signTitles[decimal]} in ${counted(certain[decimal], 'cell')} and ${signTitles[other]} in ${certain[other]}: it is read with ${signTitles[decimal]}. Check that its numbers are right.`,
          ];
    }),
    ...(shown.size === 1 ? [] : (['.', ','] as const).flatMap((sign) => openNote(sign, used))),
  ];
}

interface UsedColumn {
  readonly name: string;
  readonly decimal: DecimalSign;
  readonly certain: Readonly<Record<DecimalSign, number>>;
  readonly open: string | null;
}

/** Of columns whose every sign is read as the decimal one and could as well separate thousands. */
function openNote(sign: DecimalSign, used: readonly UsedColumn[]): readonly string[] {
  const open = used.flatMap(({ name, decimal, certain, open: example }) =>
    decimal === sign && example?.includes(sign) === true && certain[sign] === 0 ? [{ name, example }] : [],
  );
  const [first] = open;
  if (first === undefined) return [];
  const [read, otherwise] = [sign, sign === '.' ? (',' as const) : ('.' as const)].map((decimal) => {
    const cell = readCell(first.example, decimal);
    return cell.kind === 'number' ? cell.value : NaN;
  });
  return [
    `The ${markTitles[sign]} in ${listed(open.map(({ name }) => name))} could also separate thousands: ${first.example} is read as ${read!}, not as ${otherwise!}. If they do, remove them in the file.`,
  ];
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, 8).join(', ')}${names.length > 8 ? ' and more' : ''}`;
}
