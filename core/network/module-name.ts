import { FailureError } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { parsePath } from '../project/path.ts';
import type { Project } from '../project/project.ts';
import { moduleAt } from './address.ts';
import type { Address } from './address.ts';
import type { NetworkNode } from './tree.ts';

type Trees = Pick<Project, 'networks' | 'blocks'>;

/**
 * A module as the canvas names it: `Residual 6 › body › Conv2d 0`. The number is its position from 0, as in parameter
 * names; a name of its own takes its place. What fills a slot is named by the slot: `Residual 6 › shortcut`. What of
 * the module is meant, such as an option, follows: `Conv2d 0 › kernel_size`. Undefined for what is no place in a network.
 */
export function moduleName(project: Trees, at: string): string | undefined {
  const names = namesAlong(project, at);
  return names && joined(names);
}

/** The same within the container around: `Conv2d 0`. */
export function ownName(project: Trees, at: Address): string {
  return namesAlong(project, at)?.at(-1) ?? at;
}

/** From the tree's root down. */
function namesAlong(project: Trees, at: string): readonly string[] | undefined {
  const names: string[] = [];
  let begin = '';
  for (const part of at.split('/')) {
    const steps = parsePath(part) ?? [];
    const length = steps[0] === 'networks' ? 2 : 3;
    let address = begin + steps.slice(0, length).join('.');
    if (nodeAt(project, address) === undefined) return undefined;
    // The body of an instance is what the instance shows.
    if (begin === '') names.push(treeName(project, steps));
    const way = steps.slice(length);
    for (const [index, step] of way.entries()) {
      address += typeof step === 'number' ? `[${step}]` : `.${step}`;
      if (step === 'children' || step === 'branches') continue;
      const node = nodeAt(project, address);
      if (node === undefined) {
        const rest = way.slice(index).filter((word) => word !== 'options' && word !== 'arguments');
        return [...names, ...rest.map(String)];
      }
      names.push(stepName(node, step, address));
    }
    begin = `${address}/`;
  }
  return names;
}

/** Where there is one network, all lies in it. */
function joined(names: readonly string[]): string {
  return (names[0] === networkName && names.length > 1 ? names.slice(1) : names).join(' › ');
}

const networkName = 'Network';

function treeName({ networks }: Trees, [kind, name]: readonly (string | number)[]): string {
  if (kind === 'blocks') return `Block ${name}`;
  if (networks.discriminator === undefined) return networkName;
  return name === 'discriminator' ? 'Discriminator' : 'Generator';
}

function stepName(node: NetworkNode, step: string | number, at: Address): string {
  const type = 'block' in node ? node.block : node.type;
  if (typeof step === 'string') return node.name === undefined ? step : `${step} ${node.name}`;
  if (at.endsWith(`.branches[${step}]`)) return `branch ${step + 1}`;
  return `${type} ${node.name ?? step}`;
}

function nodeAt(project: Trees, address: Address): NetworkNode | undefined {
  try {
    return moduleAt(project, address);
  } catch (error) {
    if (error instanceof FailureError) return undefined;
    throw error;
  }
}

const tree = String.raw`(?:networks\.(?:main|discriminator)|blocks\.\w+\.body)(?:\.[A-Za-z_]\w*|\[\d+\])*`;
/** With the type of the module before it or behind it, as in "Linear at networks.main" and "networks.main (Linear)". */
const written = new RegExp(String.raw`(?<![\w./-])(?:([A-Za-z]\w*) at )?(${tree}(?:/${tree})*)(?: \((\w+)\))?`, 'g');

/** A sentence with the names of modules in the place of their addresses. */
export function withModuleNames(project: Trees, sentence: string): string {
  return sentence.replace(written, (all, before: string | undefined, address: string, behind: string | undefined) => {
    const name = moduleName(project, address);
    if (name === undefined) return all;
    const isSaid = (type: string): boolean => ownName(project, address).startsWith(`${type} `);
    const named = behind === undefined || isSaid(behind) ? name : `${name} (${behind})`;
    if (before === undefined) return named;
    if (before === 'network') return named.toLowerCase();
    return isSaid(before) ? named : `${before} at ${named}`;
  });
}

/** A failure whose sentences name modules so; its address stays. */
export function namedIn(project: Trees, failure: Failure): Failure {
  const { message, advice } = failure;
  return {
    ...failure,
    message: withModuleNames(project, message),
    ...(advice !== undefined && { advice: withModuleNames(project, advice) }),
  };
}
