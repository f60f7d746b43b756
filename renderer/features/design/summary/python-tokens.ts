/** A stretch of Python to be shown in one colour. */
export interface Token {
  readonly kind: 'plain' | 'word' | 'text' | 'number';
  readonly text: string;
}

const token =
  /("""[\s\S]*?"""|f?"(?:[^"\\\n]|\\.)*")|\b(class|def|elif|else|False|for|from|if|import|in|is|None|not|return|True)\b|\b(\d[\d.]*(?:e[-+]?\d+)?)\b/g;

/** Texts, keywords and numbers of Python code that we wrote; joined they are the code. */
export function pythonTokens(code: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of code.matchAll(token)) {
    if (match.index > end) tokens.push({ kind: 'plain', text: code.slice(end, match.index) });
    const kind = match[1] !== undefined ? 'text' : match[2] !== undefined ? 'word' : 'number';
    tokens.push({ kind, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < code.length) tokens.push({ kind: 'plain', text: code.slice(end) });
  return tokens;
}
