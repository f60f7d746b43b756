interface Place {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export type GridKey = 'ArrowDown' | 'ArrowUp' | 'ArrowLeft' | 'ArrowRight';

export function isGridKey(key: string): key is GridKey {
  return key === 'ArrowDown' || key === 'ArrowUp' || key === 'ArrowLeft' || key === 'ArrowRight';
}

/** Where an arrow key leads from the card `at` of cards in lines, in the order in which they are read; -1: above all of them. */
export function gridStep(cards: readonly Place[], at: number, key: GridKey): number {
  const last = cards.length - 1;
  if (key === 'ArrowLeft') return Math.max(0, at - 1);
  if (key === 'ArrowRight') return Math.min(last, at + 1);
  const from = cards[at]!;
  const isDown = key === 'ArrowDown';
  const beyond = cards.filter((card) => (isDown ? card.y >= from.y + from.height : card.y + card.height <= from.y));
  if (beyond.length === 0) return isDown ? at : -1;
  const line = isDown ? Math.min(...beyond.map(({ y }) => y)) : Math.max(...beyond.map(({ y }) => y));
  const nearest = beyond
    .filter(({ y }) => y === line)
    .reduce((best, card) => (Math.abs(card.x - from.x) < Math.abs(best.x - from.x) ? card : best));
  return cards.indexOf(nearest);
}
