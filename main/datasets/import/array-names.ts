/** Which arrays of an archive or a folder are what, by the names that people give them. */
export interface ArrayRoles {
  readonly train: { readonly inputs: string; readonly targets: string };
  readonly test: { readonly inputs: string; readonly targets: string } | null;
}

const inputNames = ['x', 'inputs', 'input', 'images', 'image', 'data', 'features'];
const targetNames = ['y', 'targets', 'target', 'labels', 'label'];

/** Null: no pair of inputs and targets is among the names. */
export function rolesOf(names: readonly string[]): ArrayRoles | null {
  const train = pairOf(names, ['train', 'training']) ?? pairOf(names, []);
  if (train === null) return null;
  return { train, test: pairOf(names, ['test', 'testing', 'val', 'valid', 'validation']) };
}

function pairOf(names: readonly string[], parts: readonly string[]): ArrayRoles['train'] | null {
  const inputs = named(names, inputNames, parts);
  const targets = named(names, targetNames, parts);
  return inputs === undefined || targets === undefined ? null : { inputs, targets };
}

/** `x_train`, `train_images`, `X-test`; without parts the bare name. */
function named(names: readonly string[], roles: readonly string[], parts: readonly string[]): string | undefined {
  for (const role of roles) {
    const wanted = parts.length === 0 ? [role] : parts.flatMap((part) => [`${role}_${part}`, `${part}_${role}`]);
    const found = names.find((name) => wanted.includes(name.toLowerCase().replace(/[-. ]/g, '_')));
    if (found !== undefined) return found;
  }
  return undefined;
}
