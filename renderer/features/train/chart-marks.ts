import type { Marker } from '../../../core/contract/runs.ts';
import { markKinds } from '../../ui/chart/series.ts';
import type { ChartMark, MarkKind } from '../../ui/chart/series.ts';
import { rateOf } from './new-settings.ts';
import { counted, figure } from '../../app/format.ts';

/** Moments worth a line; of checkpoints only the last and the best, for there is one an epoch. */
export function marksOf(markers: readonly Marker[]): readonly ChartMark[] {
  const last = markers.findLast(({ kind }) => kind === 'checkpoint');
  const best = markers.findLast(({ kind }) => kind === 'best');
  const shown = markers.filter(
    (marker) =>
      marker === last || marker === best || !['checkpoint', 'best', 'started', 'continued'].includes(marker.kind),
  );
  const marks = shown.filter((marker) => !(marker === last && marker.step === best?.step)).map(markOf);
  return joined(marks);
}

/**
 * Marks of one moment become one of the gravest kind, with every word once: a checkpoint goes without saying where the run
 * paused.
 */
function joined(marks: readonly ChartMark[]): readonly ChartMark[] {
  const places: { readonly x: number; readonly labels: Set<string>; readonly kinds: MarkKind[] }[] = [];
  for (const { x, label, kind } of marks) {
    const place = places.find((other) => Math.abs(other.x - x) < 1e-6);
    if (place === undefined) places.push({ x, labels: new Set([label]), kinds: [kind] });
    else {
      place.labels.add(label);
      place.kinds.push(kind);
    }
  }
  return places.map(({ x, labels, kinds }) => {
    if (labels.size > 1) labels.delete('checkpoint');
    return { x, label: [...labels].join(', '), kind: markKinds.find((kind) => kinds.includes(kind))! };
  });
}

function markOf({ kind, epoch, changes }: Marker): ChartMark {
  if (kind === 'dataChanged') return { x: epoch, label: 'data changed', kind: 'data' };
  if (kind === 'crashed') return { x: epoch, label: kind, kind: 'failure' };
  if (kind !== 'settingsChanged') return { x: epoch, label: kind, kind: kind === 'best' ? kind : 'pause' };
  const { schedule, epochs } = changes ?? {};
  const words = [
    schedule === undefined ? '' : `rate ${figure(rateOf(schedule))}`,
    epochs === undefined ? '' : counted(epochs, 'epoch'),
  ];
  return { x: epoch, label: words.filter((word) => word !== '').join(', '), kind: 'settings' };
}
