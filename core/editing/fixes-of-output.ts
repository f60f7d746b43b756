import { treeOf } from '../network/address.ts';
import type { NetworkFacts } from '../network/facts.ts';
import { layersOf } from '../network/resolved.ts';
import { outputsFor } from '../project/known-data.ts';
import type { DataFacts } from '../project/known-data.ts';
import type { LayerNode, NetworkNode } from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import type { Edited } from './edited.ts';
import type { Attempt } from './fixes.ts';
import { insertModules } from './modules.ts';
import { setModuleOptions } from './options.ts';
import { counted } from '../format.ts';

/** What may make one number per class or target of the output of a network that works. */
export function outputFixes(project: Project, facts: NetworkFacts, data: DataFacts): readonly Attempt[] {
  if (facts.resolved === null) return [];
  const { output } = facts.resolved;
  const outputs = outputsFor(data);
  const kind = data.targets === undefined ? 'class' : 'target';
  const last = [...layersOf(facts.resolved)].findLast((layer) => layer.layer === 'Linear');
  const linear: LayerNode = { type: 'Linear', options: { out_features: outputs } };
  const attempts: Attempt[] = [];
  if (last !== undefined) {
    const { path } = last;
    const sized = () => setModuleOptions(project, path, { out_features: outputs });
    attempts.push({ title: `Set out_features of the last Linear to ${outputs}, one for each ${kind}`, edit: sized });
    if (last.input.length > 1) {
      const side = path.endsWith(']') ? 'at' : 'before';
      const flat = (from: Project) => insertModules(from, { address: path, side }, [{ type: 'Flatten' }]);
      attempts.push(
        { title: 'Insert a Flatten before the last Linear', edit: () => flat(project) },
        {
          title: `Insert a Flatten before the last Linear and set its out_features to ${outputs}`,
          edit: () => flat(sized().project),
        },
      );
    }
  }
  const toVector: readonly NetworkNode[] = output.length > 1 ? [{ type: 'Flatten' }] : [];
  const end = [...toVector, linear];
  attempts.push({
    title: `End with ${end.map((node) => node.type).join(', ')}: ${counted(outputs, kind, kind === 'class' ? 'classes' : undefined)}`,
    edit: () => atTheEnd(project, end),
  });
  return attempts;
}

function atTheEnd(project: Project, nodes: readonly NetworkNode[]): Edited {
  const root = treeOf(project, 'networks.main');
  const isEmpty = 'children' in root && root.children.length === 0;
  return insertModules(project, { address: 'networks.main', side: isEmpty ? 'at' : 'after' }, nodes);
}
