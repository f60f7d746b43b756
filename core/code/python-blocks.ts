import type { Shape } from '../catalogue/shape.ts';
import { blockScope } from '../network/block-scope.ts';
import { isLayer } from '../network/containers.ts';
import type { Scope } from '../network/expression.ts';
import { evaluatorOf } from '../network/place.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import type { BlockDefinition, Blocks, NetworkNode } from '../network/tree.ts';
import { ClassScope, Inexpressible } from './python-class.ts';
import type { PythonClass, SizeNames } from './python-class.ts';
import { name } from './python-expression.ts';
import { laidOut } from './python-layout.ts';
import { writeModule } from './python-modules.ts';
import { docstring, pythonName, pythonNumber } from './python-words.ts';

interface Instance {
  readonly scope: Scope;
  readonly resolved: ResolvedNode;
}

/** Every Block that the network uses as a class, those it uses itself before it. Blocks that no class can be are left out. */
export function blockClasses(
  network: NetworkNode,
  resolved: ResolvedNode,
  blocks: Blocks,
): ReadonlyMap<string, PythonClass> {
  const found = new Map<string, Instance[]>();
  const order: string[] = [];
  collect(network, resolved, null);

  const classes = new Map<string, PythonClass>();
  for (const block of order) {
    const written = writeClass(block, blocks, found.get(block)!, classes);
    if (written !== null) classes.set(block, written);
  }
  return classes;

  function collect(node: NetworkNode, here: ResolvedNode, scope: Scope | null): void {
    if (isLayer(node)) return;
    switch (node.type) {
      case 'Block': {
        const definition = blocks[node.block]!;
        const inner = blockScope(node, definition, evaluatorOf(scope));
        const instances = found.get(node.block) ?? [];
        found.set(node.block, instances);
        instances.push({ scope: inner, resolved: here });
        collect(definition.body, here, inner);
        if (!order.includes(node.block)) order.push(node.block);
        return;
      }
      case 'Sequential':
        if (here.type !== 'Sequential') return;
        for (const [index, child] of node.children.entries()) collect(child, here.children[index]!, scope);
        return;
      case 'Repeat':
        if (here.type === 'Repeat') collect(node.body, here.body, scope);
        if (here.type === 'Sequential') for (const copy of here.children) collect(node.body, copy, scope);
        return;
      case 'Fork':
      case 'Join':
        if (here.type !== node.type || !('branches' in here)) return;
        for (const [index, branch] of node.branches.entries()) collect(branch, here.branches[index]!, scope);
        return;
      case 'Recurrent':
        if (here.type !== 'Recurrent') return;
        if (node.before !== undefined) collect(node.before, here.before!, scope);
        collect(node.body, here.body, scope);
        if (node.after !== undefined) collect(node.after, here.after!, scope);
        return;
      case 'Transform':
        if (here.type !== 'Transform') return;
        collect(node.training, here.training, scope);
        collect(node.evaluation, here.evaluation, scope);
        return;
      case 'NBeats':
        if (here.type !== 'NBeats') return;
        for (const [index, child] of node.children.entries()) collect(child, here.children[index]!, scope);
        return;
      case 'Residual':
        if (here.type !== 'Residual') return;
        collect(node.body, here.body, scope);
        if (node.shortcut !== undefined && here.shortcut !== null) collect(node.shortcut, here.shortcut, scope);
        if (node.after !== undefined) collect(node.after, here.after!, scope);
        return;
    }
  }
}

/** Null where no one code makes all its instances. */
function writeClass(
  block: string,
  blocks: Blocks,
  instances: readonly Instance[],
  classes: ReadonlyMap<string, PythonClass>,
): PythonClass | null {
  const definition = blocks[block]!;
  const parameters = new Map(definition.parameters.map((parameter) => [parameter.name, pythonName(parameter.name)]));
  const scopes = instances.map(
    ({ scope }) => new Map([...scope].map(([parameter, value]) => [parameters.get(parameter)!, value])),
  );
  const scope = new ClassScope(blocks, classes, scopes);
  const input = inputNames(instances, scope);
  const samples = instances.map(({ resolved }, instance) => ({ instance, resolved }));
  const names = new Map([...parameters].map(([parameter, word]) => [parameter, name(word)]));
  try {
    const { code, output } = writeModule(definition.body, samples, input, names, scope);
    const body = laidOut({ open: 'super().__init__(', items: code.items, separator: ',', close: ')' }, 8);
    const inferred = scope.inferred.filter((argument) => new RegExp(`\\b${argument.name}\\b`).test(body));
    const signature = ['self', ...inferred.map((argument) => argument.name), ...signatureOf(definition, parameters)];
    const about = definition.description === undefined ? '' : `    ${docstring(definition.description, '    ')}\n\n`;
    const head = laidOut({ open: 'def __init__(', items: signature, separator: ',', close: '):' }, 4);
    return {
      name: pythonName(block),
      text: `class ${pythonName(block)}(${code.type}):\n${about}    ${head}\n        ${body}\n`,
      inferred,
      input,
      parameters,
      output,
      values: new Map(samples.map(({ instance, resolved }) => [resolved, scope.scopes[instance]!])),
    };
  } catch (error) {
    if (error instanceof Inexpressible) return null;
    throw error;
  }
}

/** Parameters that need a value before those that have one, as Python wants it. */
function signatureOf(definition: BlockDefinition, words: ReadonlyMap<string, string>): readonly string[] {
  const needed = definition.parameters.filter((parameter) => parameter.default === undefined);
  const optional = definition.parameters.filter((parameter) => parameter.default !== undefined);
  return [
    ...needed.map((parameter) => words.get(parameter.name)!),
    ...optional.map((parameter) => `${words.get(parameter.name)}=${pythonNumber(parameter.default!)}`),
  ];
}

const sizeNames: Readonly<Record<number, readonly string[]>> = {
  1: ['in_features'],
  2: ['in_channels', 'in_features'],
  3: ['in_channels', 'in_height', 'in_width'],
};

/** Arguments for the sizes of the input; only those that the code uses will be there. */
function inputNames(instances: readonly Instance[], scope: ClassScope): SizeNames {
  const shapes = instances.map(({ resolved }) => resolved.input);
  const rank = shapes[0]!.length;
  const words = sizeNames[rank];
  if (words === undefined || shapes.some((shape) => shape.length !== rank)) return [];
  return words.map((word, dimension) =>
    scope.addArgument(
      word,
      dimension,
      shapes.map((shape: Shape) => shape[dimension]!),
    ),
  );
}
