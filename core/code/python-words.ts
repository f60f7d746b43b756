import { helperClasses } from './python-helpers.ts';

/** Python's keywords, what the code calls, and its own classes: no class or argument may take their names. */
const reserved: ReadonlySet<string> = new Set([
  ...Object.keys(helperClasses),
  ...(
    'False None True and as assert async await break class continue def del elif else except finally for from global ' +
    'if import in is lambda nonlocal not or pass raise return try while with yield ' +
    'dict float int isinstance range super self nn torch _ Network'
  ).split(' '),
]);

/** The name itself where Python can have it; different names stay different. */
export function pythonName(name: string): string {
  // Two underscores in front would be rewritten inside of a class.
  const word = name.startsWith('__') ? `p${name}` : name;
  return reserved.has(word.replace(/_+$/, '') || '_') ? `${word}_` : word;
}

/** As Python's repr writes a float: `0.1`, `1e-05`, `2.0`. */
export function pythonFloat(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits, exponent] = value.toExponential().split('e') as [string, string];
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

export function pythonNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : pythonFloat(value);
}

export function pythonString(text: string): string {
  return JSON.stringify(text);
}

/** `(3,)`, `(3, 1)`. */
export function pythonTuple(items: readonly string[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
}

/** A docstring of one paragraph, indented by `indent` where it goes on. */
export function docstring(text: string, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.replaceAll('\\', '\\\\').replaceAll('"', "'").split(/\s+/)) {
    if (line !== '' && line.length + word.length > 90) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return `"""${lines.join(`\n${indent}`)}${lines.length > 1 ? `\n${indent}` : ''}"""`;
}
