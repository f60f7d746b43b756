import { refuse } from '../catalogue/refusal.ts';
import { didYouMean } from '../nearest-name.ts';

/** Arithmetic over a Block's parameters, as in `4*out`. Division and remainder are Python's. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'negative'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

type Operator = '+' | '-' | '*' | '/' | '//' | '%';

/** Values of the names that may stand in an expression. */
export type Scope = ReadonlyMap<string, number>;

const token = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(\/\/|[-+*/%()]))/y;

/** Characters. What people write has some tens; brackets within brackets use up the stack. */
const longestExpression = 1000;

/** Throws a Refusal where the text is not an expression. */
export function parseExpression(text: string): Expression {
  if (text.length > longestExpression) {
    refuse(`has an expression of ${text.length} characters; an expression can have at most ${longestExpression}`);
  }
  const tokens = tokensOf(text);
  let position = 0;

  function sum(): Expression {
    let left = product();
    for (let next = tokens[position]; next === '+' || next === '-'; next = tokens[position]) {
      position += 1;
      left = { kind: 'binary', operator: next, left, right: product() };
    }
    return left;
  }

  function product(): Expression {
    let left = signed();
    for (let next = tokens[position]; isProductOperator(next); next = tokens[position]) {
      position += 1;
      left = { kind: 'binary', operator: next, left, right: signed() };
    }
    return left;
  }

  function signed(): Expression {
    if (tokens[position] !== '-') return value();
    position += 1;
    return { kind: 'negative', of: signed() };
  }

  function value(): Expression {
    const next = tokens[position++];
    if (next === '(') {
      const inner = sum();
      if (tokens[position++] !== ')') refuse(`has no closing parenthesis in the expression "${text}"`);
      return inner;
    }
    if (next !== undefined && /^\d/.test(next)) return { kind: 'number', value: Number(next) };
    if (next !== undefined && /^[A-Za-z_]/.test(next)) return { kind: 'name', name: next };
    return refuse(
      `cannot read the expression "${text}": a number or a name is missing${next === undefined ? ' at its end' : ` before "${next}"`}`,
    );
  }

  const whole = sum();
  if (position < tokens.length) refuse(`cannot read the expression "${text}" from "${tokens[position]}" on`);
  return whole;
}

/** Throws a Refusal for a name that is not in the scope. */
export function evaluateExpression(expression: Expression, scope: Scope): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return (
        scope.get(expression.name) ??
        refuse(
          `uses "${expression.name}", which is not a parameter of the Block.${didYouMean(expression.name, scope.keys())}`,
        )
      );
    case 'negative':
      return -evaluateExpression(expression.of, scope);
    case 'binary':
      return apply(
        expression.operator,
        evaluateExpression(expression.left, scope),
        evaluateExpression(expression.right, scope),
      );
  }
}

function apply(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '//':
      return Math.floor(left / right);
    case '%':
      return left - right * Math.floor(left / right);
  }
}

function isProductOperator(text: string | undefined): text is '*' | '/' | '//' | '%' {
  return text === '*' || text === '/' || text === '//' || text === '%';
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (match === null) return refuse(`cannot read the expression "${text}" from "${text.slice(start).trim()}" on`);
    tokens.push((match[1] ?? match[2] ?? match[3])!);
  }
  return tokens;
}
