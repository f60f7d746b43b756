import type { Marker } from '../../../core/contract/runs.ts';
import type { ChartMark } from '../../ui/chart/series.ts';
import { rateOf } from './new-settings.ts';
import { figure } from '../../app/format.ts';

/** Moments worth a line; of checkpoints only the last and the best, for there is one an epoch. */
export function marksOf(markers: readonly Marker[]): readonly ChartMark[] {
  const last = markers.findLast(({ kind }) => kind === 'checkpoint');
  const best = markers.findLast(({ kind }) => kind === 'best');
  const shown = markers.filter(
    (marker) =>
      marker === last || marker === best || !['checkpoint', 'best', 'started', 'continued'].includes(marker.kind),
  );
  return shown.filter((marker) => !(marker === last && marker.step === best?.step)).map(markOf);
}

function markOf({ kind, epoch, changes }: Marker): ChartMark {
  if (kind !== 'settingsChanged') return { x: epoch, label: kind };
  const { schedule, epochs } = changes ?? {};
  const words = [
    schedule === undefined ? '' : `rate ${figure(rateOf(schedule))}`,
    epochs === undefined ? '' : `${epochs} epochs`,
  ];
  return { x: epoch, label: words.filter((word) => word !== '').join(', ') };
}
