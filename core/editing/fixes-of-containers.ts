import type { Shape } from '../catalogue/shape.ts';
import { spotAt, withTree } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import { hasChildren, isContainer } from '../network/containers.ts';
import { isNothing, replaceNode } from '../network/edit.ts';
import { asOne } from '../network/wrap.ts';
import type {
  ContainerNode,
  NBeatsNode,
  NetworkNode,
  OptionValue,
  RecurrentNode,
  ResidualNode,
} from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import type { Edited } from './edited.ts';
import type { Attempt } from './fixes.ts';
import { inputAt, layersUnder } from './flowing.ts';
import type { Situation } from './flowing.ts';
import { insertModules } from './modules.ts';
import { setModuleField, setModuleOptions } from './options.ts';

/** What may mend a container whose parts work, each by itself, and do not go together. */
export function containerFixes(situation: Situation, address: Address, node: ContainerNode): readonly Attempt[] {
  const { project, facts } = situation;
  switch (node.type) {
    case 'Residual':
      return residualFixes(situation, address, node);
    case 'Fork':
    case 'Join': {
      const branches = node.branches.map((_, index) => `${address}.branches[${index}]`);
      const outputs = branches.map((branch) => facts.modules.get(branch)?.output);
      return [
        ...outputs.flatMap((output, index) => [
          ...(index === 0 ? [] : sizeFixes(project, branches[index]!, `branch ${index + 1}`, outputs[0])),
          ...(index === 0 ? sizeFixes(project, branches[0]!, 'branch 1', outputs[1]) : []),
        ]),
        keepingSize(project, address, 'Pad the convolutions of all branches so that the image keeps its size'),
        { title: 'Join by cat', edit: () => setModuleField(project, address, { join: { kind: 'cat' } }) },
      ];
    }
    case 'Repeat':
      return [
        {
          title: 'Give each copy its own weights',
          edit: () => setModuleField(project, address, { shared: undefined }),
        },
      ];
    case 'Recurrent':
      return recurrentFixes(project, address, node);
    case 'NBeats':
      return forecastFixes(situation, address, node);
    case 'Sequential':
    case 'Transform':
    case 'Block':
      return [];
  }
}

/** Of the first block that does not end in a backcast as long as the input and a forecast as long as the others'. */
function forecastFixes(situation: Situation, address: Address, node: NBeatsNode): readonly Attempt[] {
  const { project, facts } = situation;
  const input = inputAt(situation, address);
  const forecasts = node.children.map((_, index) => facts.modules.get(`${address}.children[${index}]`)?.outputs);
  const wanted = forecasts.find((outputs) => outputs?.length === 2)?.[1];
  return node.children.flatMap((child, index): readonly Attempt[] => {
    const outputs = forecasts[index];
    const block = `${address}.children[${index}]`;
    if (input?.length !== 1 || outputs === undefined) return [];
    if (outputs.length === 1) {
      const sizes = [input[0]!, (wanted ?? outputs[0]).at(-1)!];
      const branches = sizes.map((size) => ({ type: 'Linear', options: { out_features: size } }));
      const fork: NetworkNode = { type: 'Fork', join: { kind: 'tuple' }, branches };
      const ended: NetworkNode =
        isContainer(child) && child.type === 'Sequential'
          ? { ...child, children: [...child.children, fork] }
          : asOne([child, fork]);
      const { tree, path } = spotAt(block);
      const edit = () => ({
        project: withTree(project, tree, (root) => replaceNode(root, path, ended)),
        selection: [block],
      });
      return [{ title: `End block ${index + 1} in a backcast and a forecast`, edit }];
    }
    const fork = hasChildren(child) ? `${block}.children[${child.children.length - 1}]` : block;
    return [
      ...sizeFixes(project, `${fork}.branches[0]`, `the backcast of block ${index + 1}`, input),
      ...sizeFixes(project, `${fork}.branches[1]`, `the forecast of block ${index + 1}`, wanted),
    ];
  });
}

/** Its body is no recurrent layer: one takes its place, or what it holds goes before a new one. */
function recurrentFixes(project: Project, address: Address, node: RecurrentNode): readonly Attempt[] {
  const lstm: NetworkNode = { type: 'LSTM', options: { hidden_size: 128 } };
  const { tree, path } = spotAt(address);
  const withParts = (parts: Partial<RecurrentNode>): Edited => ({
    project: withTree(project, tree, (root) => replaceNode(root, path, { ...node, ...parts })),
    selection: [`${address}.body`],
  });
  if (isNothing(node.body)) return [{ title: 'Insert an LSTM', edit: () => withParts({ body: lstm }) }];
  const before = node.before === undefined ? [node.body] : [node.before, node.body];
  return [
    { title: 'Add an LSTM after its body', edit: () => withParts({ before: asOne(before), body: lstm }) },
    { title: 'Replace its body with an LSTM', edit: () => withParts({ body: lstm }) },
  ];
}

function residualFixes(situation: Situation, address: Address, node: ResidualNode): readonly Attempt[] {
  const { project, facts } = situation;
  const body = `${address}.body`;
  const made = facts.modules.get(body)?.output;
  const given = inputAt(situation, address);
  if (made === undefined || given === undefined) return [];
  const padded = keepingSize(project, body, 'Pad the convolutions of the body so that the image keeps its size');
  if (node.shortcut !== undefined) {
    const shortcut = `${address}.shortcut`;
    return [
      ...sizeFixes(project, shortcut, 'the shortcut', made, strideBetween(given, made)),
      ...sizeFixes(project, body, 'the body', facts.modules.get(shortcut)?.output),
      padded,
    ];
  }
  const projections = projectionsTo(project, body, given, made);
  return [
    padded,
    ...projections.map((layer): Attempt => ({
      title: shortcutTitle(layer),
      edit: () => withShortcut(project, address, layer),
    })),
    ...sizeFixes(project, body, 'the body', given),
    ...projectionsTo(project, body, given, [made[0] ?? 1, ...given.slice(1)]).map((layer): Attempt => ({
      title: `${shortcutTitle(layer)} and pad the convolutions of the body`,
      edit: () => withShortcut(padded.edit().project, address, layer),
    })),
  ];
}

function shortcutTitle(layer: NetworkNode): string {
  return layer.type === 'Linear' ? 'Add a Linear to the shortcut' : 'Add a 1×1 convolution to the shortcut';
}

/** In a Block the instances that keep their shape go on adding the input itself. */
function withShortcut(project: Project, address: Address, layer: NetworkNode): Edited {
  const edited = insertModules(project, { address: `${address}.shortcut`, side: 'at' }, [layer]);
  if (spotAt(address).tree.startsWith('networks.')) return edited;
  return { ...edited, project: setModuleField(edited.project, address, { shortcutWhere: 'changed' }).project };
}

/**
 * Layers that make of the input what the body makes. In a Block they are written as the body's own layers are, by
 * expressions, so that they fit in every instance; otherwise in numbers.
 */
function projectionsTo(project: Project, body: Address, given: Shape, made: Shape): readonly NetworkNode[] {
  if (given.length === 1 && made.length === 1) return [{ type: 'Linear', options: { out_features: made[0]! } }];
  if (given.length !== 3 || made.length !== 3) return [];
  const layers = layersUnder(project, body, ['Conv2d']);
  const out = layers.at(-1)?.node.options?.['out_channels'];
  const strides = layers.flatMap(({ node }) => node.options?.['stride'] ?? []);
  const projection = (channels: OptionValue, stride: OptionValue): NetworkNode => ({
    type: 'Conv2d',
    options: { out_channels: channels, kernel_size: 1, ...(stride === 1 ? {} : { stride }), bias: false },
  });
  const inNumbers = projection(made[0]!, strideBetween(given, made));
  return typeof out === 'string' || typeof strides[0] === 'string'
    ? [projection(out ?? made[0]!, strides[0] ?? 1), inNumbers]
    : [inNumbers];
}

/** Of a 1×1 convolution that makes one image's size of the other. */
function strideBetween(given: Shape, made: Shape): OptionValue {
  const [vertical, horizontal] = [1, 2].map((side) => Math.max(1, Math.ceil((given[side] ?? 1) / (made[side] ?? 1))));
  return vertical === horizontal ? vertical! : [vertical!, horizontal!];
}

/** Another size for the last layer that decides it, so that `where` makes what is wanted. */
function sizeFixes(
  project: Project,
  address: Address,
  where: string,
  wanted: Shape | undefined,
  stride?: OptionValue,
): readonly Attempt[] {
  const last = layersUnder(project, address, ['Conv2d', 'Linear']).at(-1);
  if (last === undefined || wanted === undefined) return [];
  const isLinear = last.node.type === 'Linear';
  const option = isLinear ? 'out_features' : 'out_channels';
  const size = (isLinear ? wanted.at(-1) : wanted[0])!;
  const changes = { [option]: size };
  const title = `Set ${option} of the last ${last.node.type} of ${where} to ${size}`;
  const plain: Attempt = { title, edit: () => setModuleOptions(project, last.address, changes) };
  if (isLinear || stride === undefined) return [plain];
  const both = { ...changes, stride };
  const shown = Array.isArray(stride) ? stride.join('×') : `${stride as number}`;
  return [
    plain,
    { title: `Set stride of ${where} to ${shown}`, edit: () => setModuleOptions(project, last.address, { stride }) },
    { title: `${title} and stride to ${shown}`, edit: () => setModuleOptions(project, last.address, both) },
  ];
}

/** Half a kernel on every side: an odd one then keeps the size, divided by the stride. */
function keepingSize(project: Project, address: Address, title: string): Attempt {
  return {
    title,
    edit: () => {
      const layers = layersUnder(project, address, ['Conv2d']);
      const padded = layers.reduce((rest, { address: at, node }) => {
        const kernel = node.options?.['kernel_size'];
        const sides = Array.isArray(kernel) ? (kernel as readonly (number | string)[]) : [kernel, kernel];
        const halves = sides.map((side) =>
          typeof side === 'number' ? Math.floor(side / 2) : `${side as string} // 2`,
        );
        return setModuleOptions(rest, at, { padding: halves }).project;
      }, project);
      return { project: padded, selection: [address] };
    },
  };
}
