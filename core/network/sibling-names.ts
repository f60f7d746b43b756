import type { NetworkNode } from './tree.ts';

/** The list with other names for those of the `count` newcomers at `at` whose names are taken: `conv`, `conv2`, `conv3`. */
export function withoutTwins(list: readonly NetworkNode[], at: number, count: number): readonly NetworkNode[] {
  const isNewcomer = (index: number) => index >= at && index < at + count;
  const taken = new Set(list.filter((_, index) => !isNewcomer(index)).map((node) => node.name));
  return list.map((node, index) => {
    if (!isNewcomer(index) || node.name === undefined) return node;
    const name = freeName(node.name, taken);
    taken.add(name);
    return name === node.name ? node : { ...node, name };
  });
}

function freeName(name: string, taken: ReadonlySet<string | undefined>): string {
  if (!taken.has(name)) return name;
  const stem = name.replace(/\d+$/, '');
  let number = 2;
  while (taken.has(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
}
