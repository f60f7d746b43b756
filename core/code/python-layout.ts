/** A piece of Python that is written in one line where it fits, and else one item a line. */
export type Code = string | Bracketed;

interface Bracketed {
  readonly open: string;
  readonly items: readonly Code[];
  /** Empty for a comprehension, whose parts follow one another without one. */
  readonly separator: ',' | '';
  readonly close: string;
}

/** A call that makes a module: `nn.Linear` and what stands between the parentheses. */
export interface Construction {
  readonly type: string;
  readonly items: readonly Code[];
}

const longestLine = 100;

export function call({ type, items }: Construction, before = '', after = ''): Code {
  return { open: `${before}${type}(`, items, separator: ',', close: `)${after}` };
}

/** `count` of them, as arguments one after another. */
export function copies(of: Construction, count: string): Code {
  return { open: '*[', items: [call(of), `for _ in range(${count})`], separator: '', close: ']' };
}

export function dictionary(items: readonly Code[]): Code {
  return { open: '{', items, separator: ',', close: '}' };
}

/** Lines of the code; all but the first begin with `indent` spaces. `after` is what follows in the last line. */
export function laidOut(code: Code, indent: number, after = ''): string {
  const line = inOneLine(code);
  if (typeof code === 'string' || code.items.length === 0 || indent + line.length + after.length <= longestLine) {
    return line + after;
  }
  const inner = `\n${' '.repeat(indent + 4)}`;
  const items = code.items.map((item) => inner + laidOut(item, indent + 4, code.separator));
  return `${code.open}${items.join('')}\n${' '.repeat(indent)}${code.close}${after}`;
}

function inOneLine(code: Code): string {
  if (typeof code === 'string') return code;
  return `${code.open}${code.items.map(inOneLine).join(`${code.separator} `)}${code.close}`;
}
