import { describe, expect, it } from 'vitest';
import { rangeTo, within } from '../../../../renderer/features/design/canvas/choose.ts';
import { walked } from '../../../../renderer/features/design/canvas/walk.ts';
import type { Direction } from '../../../../renderer/features/design/canvas/walk.ts';
import { sample } from './sample.ts';

const at = (path: string) => `networks.main${path}`;
const drawing = sample();

function goes(from: string, direction: Direction): string | undefined {
  return walked(drawing, at(from), direction)?.address;
}

describe('arrow keys', () => {
  it('lead down and up along the flow, past a container without going into it', () => {
    expect(goes('.children[0]', 'down')).toBe(at('.children[1]'));
    expect(goes('.children[1]', 'down')).toBe(at('.children[2]'));
    expect(goes('.children[2]', 'up')).toBe(at('.children[1]'));
    expect(goes('.children[3]', 'down')).toBeUndefined();
  });

  it('lead from the last module of a container to what follows it, from the first to the container', () => {
    expect(goes('.children[1].after', 'down')).toBe(at('.children[2]'));
    expect(goes('.children[1].body.children[1]', 'down')).toBe(at('.children[1].after'));
    expect(goes('.children[1].body.children[0]', 'up')).toBe(at('.children[1].body'));
    expect(goes('.children[1].after', 'up')).toBe(at('.children[1].body'));
  });

  it('lead through the parts of a Recurrent one after another', () => {
    const before = { type: 'Squeeze', options: { dim: 1 } };
    const body = { type: 'GRU', options: { hidden_size: 4 } };
    const recurrent = sample([], { type: 'Recurrent', before, body, after: { type: 'ReLU' } });
    const next = (from: string, direction: Direction) => walked(recurrent, at(from), direction)?.address;
    expect(next('', 'right')).toBe(at('.before'));
    expect(next('.before', 'down')).toBe(at('.body'));
    expect(next('.body', 'down')).toBe(at('.after'));
    expect(next('.after', 'up')).toBe(at('.body'));
    expect(next('.body', 'up')).toBe(at('.before'));
  });

  it('lead right into a container and on to the next column, left back and out', () => {
    expect(goes('.children[1]', 'right')).toBe(at('.children[1].body'));
    expect(goes('.children[1].body.children[0]', 'right')).toBe(at('.children[1].shortcut'));
    expect(goes('.children[1].body', 'left')).toBe(at('.children[1]'));
    expect(goes('.children[2].branches[1]', 'left')).toBe(at('.children[2].branches[0]'));
    expect(goes('.children[2].branches[0].children[1]', 'right')).toBe(at('.children[2].branches[1]'));
  });

  it('do not lead into what is closed, and begin with the first module', () => {
    const closed = sample([at('.children[1]')]);
    expect(walked(closed, at('.children[1]'), 'right')).toBeUndefined();
    expect(walked(closed, '', 'down')?.address).toBe(closed.modules[0]?.address);
  });

  it('reach every module from the first by down and right', () => {
    const reached = new Set<string>();
    const todo = [drawing.modules[0]!.address];
    for (let address = todo.pop(); address !== undefined; address = todo.pop()) {
      if (reached.has(address)) continue;
      reached.add(address);
      for (const direction of ['down', 'right'] as const) {
        const next = walked(drawing, address, direction);
        if (next !== undefined) todo.push(next.address);
      }
    }
    expect(reached).toEqual(new Set(drawing.modules.map(({ address }) => address)));
  });
});

describe('selecting several', () => {
  it('takes all from one to another beside it, beginning with the one', () => {
    const three = [1, 2, 3].map((index) => at(`.children[${index}]`));
    expect(rangeTo(drawing, three[0], three[2]!)).toEqual(three);
    expect(rangeTo(drawing, three[2], three[0]!)).toEqual(three.toReversed());
  });

  it('takes what is drawn between two that stand apart, without the containers around either', () => {
    expect(rangeTo(drawing, at('.children[0]'), at('.children[1].body.children[1]'))).toEqual(
      ['.children[0]', '.children[1].body.children[0]', '.children[1].body.children[1]'].map(at),
    );
    const back = rangeTo(drawing, at('.children[3]'), at('.children[1].after'));
    expect([back[0], back.at(-1)]).toEqual([at('.children[3]'), at('.children[1].after')]);
    expect(back).not.toContain(at('.children[1]'));
  });

  it('takes the other alone where there is no one', () => {
    expect(rangeTo(drawing, undefined, at('.children[3]'))).toEqual([at('.children[3]')]);
    expect(rangeTo(drawing, at('.children[99]'), at('.children[3]'))).toEqual([at('.children[3]')]);
  });

  it('takes what lies in a rectangle, and of a container that does only itself', () => {
    const all = { x: 0, y: 0, width: drawing.width, height: drawing.height };
    const tops = drawing.modules.filter(({ around }) => around === null).map(({ address }) => address);
    expect(within(drawing, all)).toEqual(tops);
    const inner = drawing.modules.find(({ address }) => address === at('.children[1].body.children[0]'))!;
    expect(within(drawing, inner)).toEqual([inner.address]);
    expect(within(drawing, { ...inner, width: inner.width - 1 })).toEqual([]);
  });
});
