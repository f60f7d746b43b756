/** Data sets whose facts are known before they are read. */
export const knownData: ReadonlyMap<string, { readonly inputShape: readonly number[]; readonly classes: number }> =
  new Map([
    ['mnist', { inputShape: [1, 28, 28], classes: 10 }],
    ['fashion-mnist', { inputShape: [1, 28, 28], classes: 10 }],
    ['cifar10', { inputShape: [3, 32, 32], classes: 10 }],
    ['spirals', { inputShape: [2], classes: 3 }],
  ]);
