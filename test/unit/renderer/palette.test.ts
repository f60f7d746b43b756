import { describe, expect, it } from 'vitest';
import { layerTypes } from '../../../core/catalogue/catalogue.ts';
import { checkTrees } from '../../../core/network/check-trees.ts';
import { resolveNetwork } from '../../../core/network/resolve.ts';
import type { NetworkNode } from '../../../core/network/tree.ts';
import { newContainer, newInstance, newLayer, newShortcut } from '../../../core/editing/new-module.ts';
import { paletteSections, searched, toggled, withRecent } from '../../../renderer/features/design/palette-items.ts';

describe('new modules', () => {
  it.each(layerTypes.map(({ name }) => name))('%s misses no option', (name) => {
    expect(checkTrees({ main: newLayer(name) }, {})).toEqual([]);
  });

  it('containers are whole', () => {
    for (const type of ['Sequential', 'Residual', 'Fork', 'Repeat'] as const) {
      expect(checkTrees({ main: newContainer(type) }, {})).toEqual([]);
    }
  });

  it('an instance gives what has no default', () => {
    const definition = { parameters: [{ name: 'out' }, { name: 'ratio', default: 4 }], body: newLayer('ReLU') };
    const instance = newInstance('Small', definition);
    expect(checkTrees({ main: instance }, { Small: definition })).toEqual([]);
    expect(instance).not.toHaveProperty('arguments.ratio');
  });

  it.each([
    [
      'an image that is halved',
      [3, 32, 32],
      { type: 'Conv2d', options: { out_channels: 8, kernel_size: 3, stride: 2, padding: 1 } },
    ],
    [
      'an image of the same size',
      [3, 32, 32],
      { type: 'Conv2d', options: { out_channels: 8, kernel_size: 3, padding: 1 } },
    ],
    ['a vector', [20], { type: 'Linear', options: { out_features: 7 } }],
  ])('a shortcut beside %s fits', (_, input, body: NetworkNode) => {
    const inner = resolveNetwork(body, {}, [input]);
    if (!inner.ok) throw new Error('the body itself does not work');
    const shortcut = newShortcut(input, inner.network.output);
    expect(resolveNetwork({ type: 'Residual', body, shortcut }, {}, [input])).toHaveProperty('ok', true);
  });
});

describe('the palette', () => {
  const sections = paletteSections({}, [], ['layer:ReLU', 'block:Gone'], ['layer:Linear']);

  it('has every layer once beside favourites and recent ones', () => {
    const titles = sections.slice(2).flatMap(({ items }) => items.map(({ title }) => title));
    for (const { name } of layerTypes) expect(titles.filter((title) => title === name)).toHaveLength(1);
  });

  it('leaves out favourites that this project has not', () => {
    expect(sections[0]!.items.map(({ id }) => id)).toEqual(['layer:ReLU']);
  });

  it('finds by all words, also those of the help and of the family', () => {
    const titles = (words: string) =>
      searched(sections.slice(2), words, {}).flatMap(({ items }) => items.map(({ title }) => title));
    expect(titles('pool adaptive 2d')).toEqual(['AdaptiveAvgPool2d', 'AdaptiveMaxPool2d']);
    expect(titles('also called swish')).toEqual(['SiLU']);
    expect(titles('no such thing')).toEqual([]);
  });

  it.each([
    ['concat', ['Cat', 'Fork']],
    ['inception', ['Fork', 'Cat']],
    ['dense', ['Linear']],
    ['gap', ['AdaptiveAvgPool2d']],
    ['vgg', ['Conv2d', 'MaxPool2d']],
    ['resnet', ['Residual', 'BasicBlock', 'Bottleneck']],
    ['nn.Conv2d', ['Conv2d']],
    ['batchnrom', ['BatchNorm2d', 'BatchNorm1d']],
    ['droput', ['Dropout']],
    ['convolutoin', ['Conv2d']],
    ['sigmiod', ['Sigmoid']],
    ['fully connected', ['Linear']],
    ['skip', ['Residual']],
    ['skip connection', ['Residual']],
    ['shortcut', ['Residual']],
    ['rescale', ['Interpolate']],
    ['subsampling', ['MaxPool2d', 'AvgPool2d']],
    ['strided', ['Conv2d', 'MaxPool2d']],
    ['bidirectional', ['LSTM', 'GRU']],
    ['clamp', ['Hardtanh']],
    ['mlp', ['Linear', 'ReLU', 'Dropout']],
    ['vision transformer', ['TransformerEncoder']],
    ['convnext', ['GRN']],
    ['multiply', ['Scale']],
    ['response normalisation', ['GRN', 'LocalResponseNorm']],
  ])('finds what %s stands for', (words, names) => {
    const titles = searched(sections.slice(2), words, {}).flatMap(({ items }) => items.map(({ title }) => title));
    expect(titles).toEqual(expect.arrayContaining(names));
  });

  it.each([
    ['dense', 'Linear'],
    ['skip connection', 'Residual'],
    ['fork', 'Fork'],
    ['dropout', 'Dropout'],
    ['linear layer', 'Linear'],
    ['hidden layer', 'Linear'],
    ['layer norm', 'LayerNorm'],
    ['residual block', 'Residual'],
  ])('lists for %s what it stands for first', (words, name) => {
    expect(searched(sections.slice(2), words, {})[0]?.items[0]?.title).toBe(name);
  });

  it('finds nothing for what is spelled like nothing', () => {
    for (const words of ['foo', 'qqqq', 'xylophone']) expect(searched(sections, words, {})).toEqual([]);
  });

  it('keeps the last used, newest first, each once', () => {
    expect(withRecent(['a', 'b', 'c', 'd', 'e'], 'c')).toEqual(['c', 'a', 'b', 'd', 'e']);
    expect(withRecent(['a', 'b', 'c', 'd', 'e'], 'f')).toEqual(['f', 'a', 'b', 'c', 'd']);
  });

  it('stars and unstars', () => {
    expect(toggled(toggled(['a'], 'b'), 'a')).toEqual(['b']);
  });
});
