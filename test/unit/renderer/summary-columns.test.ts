import { expect, test } from 'vitest';
import { resolveNetwork } from '../../../core/network/resolve.ts';
import { summarise } from '../../../core/network/summarise.ts';
import type { NetworkNode } from '../../../core/network/tree.ts';
import {
  nextSorting,
  sortedModules,
  summaryColumns,
  summaryCsv,
} from '../../../renderer/features/design/summary/summary-columns.ts';

const linear = (out: number): NetworkNode => ({ type: 'Linear', options: { out_features: out } });

const network: NetworkNode = {
  type: 'Sequential',
  children: [
    linear(4),
    { type: 'Repeat', count: 3, shared: true, body: { type: 'Residual', body: linear(4) } },
    { type: 'Fork', join: { kind: 'cat' }, branches: [{ type: 'Identity' }, { ...linear(6), frozen: true }] },
  ],
};

function summaryOf(node: NetworkNode) {
  const resolution = resolveNetwork(node, {}, [[3]]);
  if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
  return summarise(resolution.network);
}

const summary = summaryOf(network);
const columnOf = (title: string) => summaryColumns.findIndex((column) => column.title === title);
const keysBy = (title: string, descending: boolean) =>
  sortedModules(summary.modules, { column: columnOf(title), descending }).map(({ key }) => key);

test('a click on a number sorts from the largest, the second the other way, the third as they compute', () => {
  const column = columnOf('Parameters');
  const once = nextSorting(column, null);
  const twice = nextSorting(column, once);
  expect([once, twice, nextSorting(column, twice)]).toEqual([
    { column, descending: true },
    { column, descending: false },
    null,
  ]);
  expect(nextSorting(columnOf('Name'), once)).toEqual({ column: columnOf('Name'), descending: false });
});

test('every column sorts; what is equal stays as it computes', () => {
  const computed = ['0', '1.body.body', '1.body', '2.branches.0', '2.branches.1', '2'];
  expect(sortedModules(summary.modules, null).map(({ key }) => key)).toEqual(computed);
  expect(keysBy('Parameters', true)).toEqual(['2.branches.1', '1.body.body', '0', '1.body', '2.branches.0', '2']);
  expect(keysBy('Name', false)).toEqual(['0', '1.body', '1.body.body', '2', '2.branches.0', '2.branches.1']);
  expect(keysBy('Output', true)[0]).toBe('2');
  expect(keysBy('Memory', true).slice(0, 2)).toEqual(['1.body.body', '1.body']);
});

test('the table as CSV has plain numbers, joins, and all that is applied several times', () => {
  expect(summaryCsv(summary).split('\r\n')).toEqual([
    'name,layer,input,output,parameters,trainable,multiply-adds,activation bytes',
    '0,Linear,3,4,16,16,12,16',
    '1.body.body,Linear,4,4,20,20,48,48',
    '1.body,Residual (add),4+4,4,0,0,0,48',
    '2.branches.0,Identity,4,4,0,0,0,16',
    '2.branches.1,Linear,4,6,30,0,24,24',
    '2,Fork (join),4+6,10,0,0,0,40',
    'total,,,,66,36,84,192',
    '',
  ]);
  expect(summary.totals.layers).toBe(4);
});
