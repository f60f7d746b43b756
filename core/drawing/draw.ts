import { addressAround, moduleAt } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import { isContainer } from '../network/containers.ts';
import type { NetworkFacts } from '../network/facts.ts';
import type { NetworkNode } from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import { cardPart } from './card.ts';
import { blockBody, seatInside } from './draft.ts';
import type { Draft, Seat } from './draft.ts';
import type { Drawing, View } from './drawing.ts';
import { forecastPart } from './forecast.ts';
import { forkPart, transformPart } from './fork.ts';
import { framePart } from './frame.ts';
import { moduleCounter } from './inner.ts';
import { markPart } from './mark.ts';
import type { Part, Sheet } from './part.ts';
import { recurrentPart } from './recurrent.ts';
import { residualPart } from './residual.ts';
import { rootPart } from './root.ts';
import { sequencePart } from './sequence.ts';
import { sizes } from './sizes.ts';
import { fillSlot } from './slot.ts';
import { narrow, stack } from './stack.ts';

export { closedAtFirst } from './closed-at-first.ts';

/**
 * Lays out what the view shows of a network, data flowing from top to bottom. Facts that are missing leave their
 * places on the cards empty. Throws a FailureError where there is no module at the view's root.
 */
export function drawNetwork(
  project: Pick<Project, 'networks' | 'blocks'>,
  facts: NetworkFacts | null,
  view: View,
): Drawing {
  const blocks = project.blocks ?? {};
  const closed = new Set(view.closed);
  closed.delete(view.root);
  const draft: Draft = {
    blocks,
    facts,
    closed,
    count: moduleCounter(blocks),
    part: (node, seat) => modulePart(draft, node, seat),
  };
  const whole = rootPart(draft, moduleAt(project, view.root), view, isFrozenAround(project, view.root));
  const sheet: Sheet = { modules: [], marks: [], lines: [], drops: [] };
  whole.put(sheet, sizes.padding, sizes.padding);
  return { width: whole.width + 2 * sizes.padding, height: whole.height + 2 * sizes.padding, ...sheet };
}

/** Of the containers around, the nearest that says so. */
function isFrozenAround(project: Pick<Project, 'networks' | 'blocks'>, address: Address): boolean {
  const around = addressAround(address);
  return around !== undefined && (moduleAt(project, around).frozen ?? isFrozenAround(project, around));
}

function modulePart(draft: Draft, node: NetworkNode, seat: Seat): Part {
  const inner = draft.closed.has(seat.address) ? undefined : innerPart(draft, node, seat);
  return inner === undefined ? cardPart(draft, node, seat) : framePart(draft, node, seat, inner);
}

/** What lies in an open container; nothing lies in a layer, or in a Block that is not there. */
function innerPart(draft: Draft, node: NetworkNode, seat: Seat): Part | undefined {
  if (!isContainer(node)) return undefined;
  switch (node.type) {
    case 'Sequential':
      return sequencePart(draft, node, seat.address, (step) => seatInside(node, seat, step, '', false));
    case 'Residual':
      return residualPart(draft, node, seat);
    case 'Fork':
    case 'Join':
      return forkPart(draft, node, seat);
    case 'Repeat': {
      const body = fillSlot(draft, node.body, seatInside(node, seat, '.body', 'body', true));
      const times = markPart('repeat', `× ${node.count}`, seat.address);
      return stack([body.part, times], [body.above, body.below, narrow]);
    }
    case 'Recurrent':
      return recurrentPart(draft, node, seat);
    case 'Transform':
      return transformPart(draft, node, seat);
    case 'NBeats':
      return forecastPart(draft, node, seat);
    case 'Block': {
      const content = blockBody(node, seat.address, draft.blocks);
      if (content === undefined) return undefined;
      const body = fillSlot(draft, content, seatInside(node, seat, `/blocks.${node.block}.body`, '', true));
      return stack([body.part], [body.above, body.below]);
    }
  }
}
