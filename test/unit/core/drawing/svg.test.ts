import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawNetwork } from '../../../../core/drawing/draw.ts';
import { drawingSvg } from '../../../../core/drawing/svg.ts';
import { svgColours, svgFamilies } from '../../../../core/drawing/svg-colours.ts';
import { factsOf } from '../../../../core/network/facts.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import { drawRecipe, repository } from './recipe-drawings.ts';

function picture(main: NetworkNode): string {
  const facts = factsOf(main, {}, [[3, 8, 8]]);
  return drawingSvg(drawNetwork({ networks: { main } }, facts, { root: 'networks.main', closed: new Set() }), 'light');
}

function texts(svg: string): readonly string[] {
  return [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map((match) => match[1]!.replaceAll(/<[^>]*>/g, ''));
}

describe('a saved picture', () => {
  test('says what is on the cards', () => {
    const conv = { type: 'Conv2d', options: { out_channels: 4, kernel_size: 3, padding: 1 } };
    const shown = texts(
      picture({ type: 'Sequential', children: [conv, { type: 'Residual', body: { type: 'ReLU' } }] }),
    );
    expect(shown).toEqual(
      expect.arrayContaining([
        'Conv2d 4, 3×3, pad 1',
        '4 × 8 × 8',
        '112',
        'Residual',
        'ReLU',
        'identity',
        '+',
        'input 3 × 8 × 8',
      ]),
    );
  });

  test('escapes what is written in the project', () => {
    const svg = picture({ type: 'Sequential', children: [{ type: '<b>&"' }] });
    expect(texts(svg)).toContain('&lt;b&gt;&amp;&quot;');
    expect(svg).not.toContain('<b>');
  });

  test('closes every element it opens and refers to nothing outside', () => {
    const svg = drawingSvg(drawRecipe('cifar10-resnet18'), 'dark');
    const open: string[] = [];
    for (const [tag, isEnd, name, isEmpty] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (isEnd === '/') expect(open.pop(), tag).toBe(name);
      else if (isEmpty === '') open.push(name!);
    }
    expect(open).toEqual([]);
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/href|url\(|https?:|<style|<script/);
    expect(svg).toMatch(/<title>A network drawn with \d+ modules, input 3 × 32 × 32, output 10<\/title>/);
  });

  test('shortens a text that is wider than its card', () => {
    const name = 'a_name_that_is_much_longer_than_any_card_may_ever_become';
    const shown = texts(picture({ type: 'Sequential', children: [{ type: 'ReLU', name }] }));
    expect(shown.some((text) => text.startsWith('a_name_that') && text.endsWith('…'))).toBe(true);
  });
});

test('has the colours of the window', async () => {
  const sheet = await readFile(path.join(repository, 'renderer/app/styles/colours.css'), 'utf8');
  const pairs = (pattern: RegExp) =>
    new Map([...sheet.matchAll(pattern)].map(([, name, light, dark]) => [name, [light, dark]]));
  const window = pairs(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g);
  const families = pairs(/\[data-family='(\w+)'\] \{\s*--family: light-dark\((#\w+), (#\w+)\)/g);
  for (const [name, light] of Object.entries(svgColours.light)) {
    expect(window.get(name), name).toEqual([light, svgColours.dark[name as keyof typeof svgColours.dark]]);
  }
  for (const [family, light] of Object.entries(svgFamilies.light)) {
    expect(families.get(family), family).toEqual([light, svgFamilies.dark[family]]);
  }
});
