import { elementCount, flowText } from '../../../../core/catalogue/shape.ts';
import type { Flow } from '../../../../core/catalogue/shape.ts';
import { csv } from '../../../../core/code/csv.ts';
import type { ModuleSummary, Summary } from '../../../../core/network/summarise.ts';
import { bytes, count, counted } from '../../../app/format.ts';

export interface SummaryColumn {
  readonly title: string;
  readonly isNumber: boolean;
  readonly text: (module: ModuleSummary) => string;
  /** What the rows are sorted by. */
  readonly order: (module: ModuleSummary) => number | string;
  /** Of the whole network. */
  readonly total?: (totals: Summary['totals']) => string;
}

const filled = (value: number): string => (value === 0 ? '' : count(value));

export const summaryColumns: readonly SummaryColumn[] = [
  {
    title: 'Name',
    isNumber: false,
    text: ({ key }) => key || '–',
    order: ({ key }) => key,
    total: ({ layers }) => counted(layers, 'layer'),
  },
  { title: 'Layer', isNumber: false, text: layerText, order: ({ type }) => type },
  { title: 'Input', isNumber: false, text: ({ inputs }) => flowText(inputs), order: ({ inputs }) => elements(inputs) },
  {
    title: 'Output',
    isNumber: false,
    text: ({ outputs }) => flowText(outputs),
    order: ({ outputs }) => elements(outputs),
  },
  {
    title: 'Parameters',
    isNumber: true,
    text: ({ parameters }) => filled(parameters),
    order: ({ parameters }) => parameters,
    total: ({ parameters }) => count(parameters),
  },
  {
    title: 'Multiply-adds',
    isNumber: true,
    text: ({ multiplyAdds }) => filled(multiplyAdds),
    order: ({ multiplyAdds }) => multiplyAdds,
    total: ({ multiplyAdds }) => count(multiplyAdds),
  },
  {
    title: 'Memory',
    isNumber: true,
    text: ({ activationBytes }) => bytes(activationBytes),
    order: ({ activationBytes }) => activationBytes,
    total: ({ activationBytes }) => bytes(activationBytes),
  },
];

function elements(flow: Flow): number {
  return flow.reduce((sum, shape) => sum + elementCount(shape), 0);
}

/** `64x7x7`, of a tuple `64x7x7+10`. */
function flowCell(flow: Flow): string {
  return flow.map((shape) => shape.join('x')).join('+');
}

/** `Residual (add)`: what a container computes itself. */
function layerText({ type, isJoin }: ModuleSummary): string {
  return isJoin ? `${type} (${type === 'Fork' || type === 'Join' ? 'join' : 'add'})` : type;
}

export interface Sorting {
  readonly column: number;
  readonly descending: boolean;
}

/** Null: as they compute. Equal ones stay in that order. */
export function sortedModules(modules: readonly ModuleSummary[], sorting: Sorting | null): readonly ModuleSummary[] {
  if (sorting === null) return modules;
  const { order } = summaryColumns[sorting.column]!;
  const sign = sorting.descending ? -1 : 1;
  return modules.toSorted((one, other) => sign * compare(order(one), order(other)));
}

function compare(one: number | string, other: number | string): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other), 'en', { numeric: true });
}

/** What a click on a column's title does: numbers first from the largest, the third click back to as they compute. */
export function nextSorting(column: number, now: Sorting | null): Sorting | null {
  const first = summaryColumns[column]!.isNumber;
  if (now?.column !== column) return { column, descending: first };
  return now.descending === first ? { column, descending: !first } : null;
}

/** Plain numbers, bytes for one sample in float32, a line of totals at the end. */
export function summaryCsv({ modules, totals }: Summary): string {
  const head = ['name', 'layer', 'input', 'output', 'parameters', 'trainable', 'multiply-adds', 'activation bytes'];
  const rows = modules.map((module) => [
    module.key,
    layerText(module),
    flowCell(module.inputs),
    flowCell(module.outputs),
    module.parameters,
    module.trainable,
    module.multiplyAdds,
    module.activationBytes,
  ]);
  const last = ['total', '', '', '', totals.parameters, totals.trainable, totals.multiplyAdds, totals.activationBytes];
  return csv([head, ...rows, last]);
}
