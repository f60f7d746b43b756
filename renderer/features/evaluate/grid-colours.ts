import type { GridColours } from './paint-grid.ts';

/** As the theme in force has them, whose colours of charts are plain ones. */
export function gridColours(element: HTMLElement): GridColours {
  const style = getComputedStyle(element);
  const chart = (name: string): string => style.getPropertyValue(`--chart-${name}`).trim();
  return {
    paper: chart('paper'),
    text: chart('ink'),
    quiet: chart('text'),
    wrong: chart('2'),
    empty: chart('grid'),
    chosen: chart('1'),
    font: style.fontFamily,
  };
}

/** Of a picture that is kept: on white paper whatever the theme. */
export function paperColours(font: string): GridColours {
  return {
    paper: '#ffffff',
    text: '#171c24',
    quiet: '#535d6b',
    wrong: '#b3261e',
    empty: '#e6e9ee',
    chosen: '#0068b3',
    font,
  };
}
