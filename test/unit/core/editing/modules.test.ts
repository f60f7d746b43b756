import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  duplicateModules,
  insertModules,
  moveModules,
  removeModules,
  renameModule,
  shiftModules,
} from '../../../../core/editing/modules.ts';
import { copyText, pasteModules } from '../../../../core/editing/clipboard.ts';
import type { Edited } from '../../../../core/editing/edited.ts';
import { inlineBlock } from '../../../../core/editing/inline-block.ts';
import { setModuleField, setModuleOptions } from '../../../../core/editing/options.ts';
import type { Target } from '../../../../core/editing/target.ts';
import { afterInsertion } from '../../../../core/editing/paths.ts';
import { unwrapModule, wrapModules } from '../../../../core/editing/wrapping.ts';
import { FailureError } from '../../../../core/failure.ts';
import { addressAt, moduleAt, spotAt, withTree } from '../../../../core/network/address.ts';
import type { Address } from '../../../../core/network/address.ts';
import { checkTrees } from '../../../../core/network/check-trees.ts';
import { replaceNode } from '../../../../core/network/edit.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import { parseProject } from '../../../../core/project/parse.ts';
import type { Project } from '../../../../core/project/project.ts';
import { serialiseProject } from '../../../../core/project/serialise.ts';
import { networks } from '../network/arbitrary-network.ts';
import { addressesOf, frozen, projects, selections } from './arbitrary-project.ts';

function attempt(edit: () => Edited): Edited | undefined {
  try {
    return edit();
  } catch (error) {
    if (error instanceof FailureError) return undefined;
    throw error;
  }
}

/** Addresses of a project, and the place after each of a list. */
const targets = (project: Project): fc.Arbitrary<Target> =>
  fc.record({
    address: fc
      .tuple(fc.constantFrom(...addressesOf(project)), fc.constantFrom(0, 1))
      .map(([address, on]) => address.replace(/\[(\d+)\]$/, (_, index) => `[${Number(index) + on}]`)),
    side: fc.constantFrom('at', 'before', 'after'),
  });

const situations = selections.chain(([project, addresses]) =>
  fc.record({
    project: fc.constant(project),
    addresses: fc.constant(addresses),
    target: targets(project),
    other: networks.map(frozen),
  }),
);

test('the projects of these properties are valid', () => {
  fc.assert(
    fc.property(projects, (project) => {
      expect(checkTrees(project.networks, project.blocks!)).toEqual([]);
    }),
  );
});

describe('every edit of a valid project is a valid project, and what it selects is there', () => {
  type Situation = typeof situations extends fc.Arbitrary<infer Value> ? Value : never;
  const edits: Readonly<Record<string, (situation: Situation) => Edited>> = {
    insert: ({ project, target, other }) => insertModules(project, target, [other, { type: 'ReLU', name: 'head' }]),
    remove: ({ project, addresses }) => removeModules(project, addresses),
    move: ({ project, addresses, target }) => moveModules(project, addresses, target),
    duplicate: ({ project, addresses }) => duplicateModules(project, addresses),
    'shift up': ({ project, addresses }) => shiftModules(project, addresses.slice(0, 1), -1),
    'shift down': ({ project, addresses }) => shiftModules(project, addresses.slice(0, 1), 1),
    rename: ({ project, addresses }) => renameModule(project, addresses[0]!, 'head'),
    wrap: ({ project, addresses }) => wrapModules(project, addresses.slice(0, 1), 'Fork'),
    unwrap: ({ project, addresses }) => unwrapModule(project, addresses[0]!),
    'set options': ({ project, addresses }) => {
      const sized = addressesOf(project).filter((address) => {
        const node = moduleAt(project, address);
        return 'options' in node && node.options['kernel_size'] !== undefined;
      });
      const address = sized[addresses.length % sized.length] ?? addresses[0]!;
      return setModuleOptions(project, address, { kernel_size: [5, 5] });
    },
    freeze: ({ project, addresses }) => setModuleField(project, addresses[0]!, { frozen: true }),
    'cut and paste': ({ project, addresses, target }) => pasteModules(project, target, copyText(project, addresses)),
    inline: ({ project, addresses }) => {
      const instances = addressesOf(project).filter((address) => 'block' in moduleAt(project, address));
      return inlineBlock(project, instances[addresses.length % instances.length] ?? addresses[0]!);
    },
  };

  test.each(Object.keys(edits))('%s', (name) => {
    let done = 0;
    fc.assert(
      fc.property(situations, (situation) => {
        const edited = attempt(() => edits[name]!(situation));
        if (edited === undefined) return;
        done += 1;
        const { project, selection } = edited;
        expect(checkTrees(project.networks, project.blocks ?? {})).toEqual([]);
        const parsed = parseProject(serialiseProject(project));
        expect(parsed).toEqual({ ok: true, project });
        for (const address of selection) expect(moduleAt(project, address)).toBeDefined();
      }),
    );
    expect(done, 'edits that could be done').toBeGreaterThan(5);
  });
});

test('what was checked before hides nothing that is wrong after an edit', () => {
  const wrong: readonly NetworkNode[] = [
    { type: 'Linear', options: { out_features: 4, size: 1 } },
    { type: 'Linear', options: { out_features: 'missing' } },
    { type: 'Block', block: 'Missing' },
    { type: 'Linear', name: '3 d', options: { out_features: 4 } },
    { type: 'Linea' },
  ];
  fc.assert(
    fc.property(situations, fc.constantFrom(...wrong), ({ project, addresses }, node) => {
      expect(parseProject(project)).toEqual({ ok: true, project });
      const { tree, path } = spotAt(addresses[0]!);
      const broken = withTree(project, tree, (root) => replaceNode(root, path, node));
      const found = parseProject(broken);
      expect(found.ok).toBe(false);
      expect(found).toEqual(parseProject(structuredClone(broken)));
    }),
  );
});

/** Where a module must be put that stands at `to` and was taken from `from`; without the instances on the way. */
function placeBefore(from: Address, to: Address): Address {
  const [origin, now] = [spotAt(from), spotAt(to)];
  const path = origin.tree === now.tree ? afterInsertion(origin.path, now.path, 1) : origin.path;
  return addressAt(origin.tree, path);
}

describe('the inverse restores the project', () => {
  test('insert, then remove', () => {
    fc.assert(
      fc.property(situations, ({ project, target, other }) => {
        fc.pre(target.side === 'at' && /children\[\d+\]$/.test(target.address));
        const inserted = attempt(() => insertModules(project, target, [other, { type: 'Tanh', name: 'head' }]));
        fc.pre(inserted !== undefined);
        expect(removeModules(inserted.project, inserted.selection).project).toEqual(project);
      }),
    );
  });

  test('duplicate, then remove the copies', () => {
    fc.assert(
      fc.property(selections, ([project, addresses]) => {
        const listed = addresses.filter((address) => address.endsWith(']'));
        fc.pre(listed.length > 0);
        const { project: doubled, selection } = duplicateModules(project, listed);
        expect(doubled).not.toEqual(project);
        expect(removeModules(doubled, selection).project).toEqual(project);
      }),
    );
  });

  test('move, then move back', () => {
    let done = 0;
    fc.assert(
      fc.property(situations, ({ project, addresses, target }) => {
        const from = addresses[0]!;
        // From a list to a list: a place that is left or filled leaves a trace, an empty sequence.
        fc.pre(target.side === 'at' && [from, target.address].every((address) => /children\[\d+\]$/.test(address)));
        const moved = attempt(() => moveModules(project, [from], target));
        fc.pre(moved !== undefined);
        const [to] = moved.selection;
        // A name may have had to yield, and expressions of a Block became numbers.
        const same = JSON.stringify(moduleAt(project, from)) === JSON.stringify(moduleAt(moved.project, to!));
        fc.pre(same);
        const back = placeBefore(from, to!);
        expect(moveModules(moved.project, [to!], { address: back, side: 'at' }).project).toEqual(project);
        done += 1;
      }),
    );
    expect(done).toBeGreaterThan(10);
  });

  test.each(['Sequential', 'Residual', 'Fork', 'Repeat', 'Recurrent'] as const)('wrap as %s, then unwrap', (type) => {
    fc.assert(
      fc.property(selections, ([project, [address]]) => {
        const wrapped = wrapModules(project, [address!], type);
        const { project: unwrapped } = unwrapModule(wrapped.project, wrapped.selection[0]!);
        expect(unwrapped).toEqual(project);
      }),
    );
  });

  test('shift up, then down', () => {
    fc.assert(
      fc.property(selections, ([project, [address]]) => {
        fc.pre(/children\[[1-9]\d*\]$/.test(address!));
        const up = shiftModules(project, [address!], -1);
        expect(up.selection).not.toEqual([address]);
        expect(shiftModules(up.project, up.selection, 1)).toEqual({ project, selection: [address] });
      }),
    );
  });

  test('copy, paste after itself, remove', () => {
    fc.assert(
      fc.property(selections, ([project, [address]]) => {
        fc.pre(/children\[\d+\]$/.test(address!));
        const pasted = pasteModules(project, { address: address!, side: 'after' }, copyText(project, [address!]));
        expect(removeModules(pasted.project, pasted.selection).project).toEqual(project);
        expect(pasted.project).toEqual(duplicateModules(project, [address!]).project);
      }),
    );
  });
});

test('forty edits, one after another: every state before is what it was, so that undo is to show it again', () => {
  const script = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 40, maxLength: 40 });
  const kinds: readonly ((project: Project, address: Address, other: Address) => Edited)[] = [
    (project, address) => insertModules(project, { address, side: 'after' }, [{ type: 'ReLU', name: 'act' }]),
    (project, address) =>
      insertModules(project, { address, side: 'before' }, [
        { type: 'Block', block: 'BasicBlock', arguments: { out: 4 } },
      ]),
    (project, address) => removeModules(project, [address]),
    (project, address, other) => moveModules(project, [address], { address: other, side: 'after' }),
    (project, address) => duplicateModules(project, [address]),
    (project, address) => wrapModules(project, [address], 'Residual'),
    (project, address) => unwrapModule(project, address),
    (project, address) => renameModule(project, address, 'renamed'),
    (project, address) => setModuleField(project, address, { frozen: true }),
    (project, address, other) => pasteModules(project, { address: other, side: 'at' }, copyText(project, [address])),
  ];
  fc.assert(
    fc.property(projects, script, (first, steps) => {
      const states: { readonly project: Project; readonly text: string }[] = [];
      let project = first;
      for (const [kind, one, other] of steps) {
        states.push({ project, text: JSON.stringify(project) });
        const addresses = addressesOf(project);
        // Copies of copies would grow without end.
        if (addresses.length > 150) break;
        const at = (index: number) => addresses[index % addresses.length]!;
        const edited = attempt(() => kinds[kind % kinds.length]!(project, at(one), at(other)));
        if (edited === undefined) continue;
        project = frozen(edited.project);
        expect(checkTrees(project.networks, project.blocks ?? {})).toEqual([]);
        for (const address of edited.selection) expect(addressesOf(project)).toContain(address);
      }
      for (const state of states) expect(JSON.stringify(state.project)).toBe(state.text);
    }),
    { numRuns: 30 },
  );
});
