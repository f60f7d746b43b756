/** Colours of a saved picture: those of the window, which a file that stands alone cannot ask for. */
export interface SvgColours {
  readonly background: string;
  readonly surface: string;
  readonly sunken: string;
  readonly line: string;
  readonly 'line-strong': string;
  readonly text: string;
  readonly 'text-quiet': string;
  readonly accent: string;
  readonly bad: string;
}

export const svgColours: Readonly<Record<'light' | 'dark', SvgColours>> = {
  light: {
    background: '#f1f3f6',
    surface: '#ffffff',
    sunken: '#e9ecf1',
    line: '#dce1e8',
    'line-strong': '#868f9c',
    text: '#171c24',
    'text-quiet': '#535d6b',
    accent: '#1f5fd0',
    bad: '#b3261e',
  },
  dark: {
    background: '#14171b',
    surface: '#1b1f24',
    sunken: '#101317',
    line: '#2c333c',
    'line-strong': '#707b89',
    text: '#e7eaee',
    'text-quiet': '#9fa9b6',
    accent: '#7cb0ff',
    bad: '#ff8b80',
  },
};

/** By family; what has none is grey. */
export const svgFamilies: Readonly<Record<'light' | 'dark', Readonly<Record<string, string>>>> = {
  light: {
    convolution: '#0068b3',
    linear: '#5b5bc4',
    pooling: '#00795a',
    normalisation: '#a34b84',
    activation: '#d97a00',
    dropout: '#8f8f8f',
    shape: '#9a7f00',
    embedding: '#00798c',
    recurrent: '#8a5a2b',
    attention: '#8a35b5',
    padding: '#5a7186',
    combine: '#c2307a',
    distance: '#34518f',
    transform: '#5a8500',
  },
  dark: {
    convolution: '#62b5f0',
    linear: '#a9a8f5',
    pooling: '#3dc9a0',
    normalisation: '#e39ac6',
    activation: '#f5a94f',
    dropout: '#c7c7c7',
    shape: '#dcc94a',
    embedding: '#4ec9dc',
    recurrent: '#d3a273',
    attention: '#cd94ee',
    padding: '#9fb6ca',
    combine: '#f78abb',
    distance: '#8fabe0',
    transform: '#a5cf52',
  },
};
