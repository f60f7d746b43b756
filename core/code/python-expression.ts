import { evaluateExpression } from '../network/expression.ts';
import type { Expression } from '../network/expression.ts';
import { pythonNumber } from './python-words.ts';

/** Our arithmetic is Python's: an expression is written as it is read. */

const strength = { '+': 1, '-': 1, '*': 2, '/': 2, '//': 2, '%': 2 } as const;

export function number(value: number): Expression {
  return { kind: 'number', value };
}

export function name(word: string): Expression {
  return { kind: 'name', name: word };
}

/** The sum; of two numbers the number. */
export function plus(left: Expression, right: Expression): Expression {
  if (left.kind === 'number' && right.kind === 'number') return number(left.value + right.value);
  if (right.kind === 'number' && right.value < 0) {
    return { kind: 'binary', operator: '-', left, right: number(-right.value) };
  }
  return { kind: 'binary', operator: '+', left, right };
}

/** The expression with others in the place of its names, numbers computed; null if a name has none. */
export function substituted(expression: Expression, names: ReadonlyMap<string, Expression | null>): Expression | null {
  switch (expression.kind) {
    case 'number':
      return expression;
    case 'name':
      return names.get(expression.name) ?? null;
    case 'negative': {
      const of = substituted(expression.of, names);
      return of?.kind === 'number' ? number(-of.value) : of && { kind: 'negative', of };
    }
    case 'binary': {
      const left = substituted(expression.left, names);
      const right = substituted(expression.right, names);
      if (left === null || right === null) return null;
      const whole: Expression = { kind: 'binary', operator: expression.operator, left, right };
      return left.kind === 'number' && right.kind === 'number' ? number(evaluateExpression(whole, new Map())) : whole;
    }
  }
}

export function expressionText(expression: Expression, around = 0): string {
  switch (expression.kind) {
    case 'number':
      return expression.value < 0 && around > 0
        ? `(${pythonNumber(expression.value)})`
        : pythonNumber(expression.value);
    case 'name':
      return expression.name;
    case 'negative':
      return `-${expressionText(expression.of, 3)}`;
    case 'binary': {
      const own = strength[expression.operator];
      const left = expressionText(expression.left, own);
      const text = `${left} ${expression.operator} ${expressionText(expression.right, own + 1)}`;
      return own < around ? `(${text})` : text;
    }
  }
}

/** Whether Python may make a float of it, given the names that stand for floats. */
export function mayBeFloat(expression: Expression, isFloat: (name: string) => boolean): boolean {
  switch (expression.kind) {
    case 'number':
      return !Number.isInteger(expression.value);
    case 'name':
      return isFloat(expression.name);
    case 'negative':
      return mayBeFloat(expression.of, isFloat);
    case 'binary':
      return (
        expression.operator === '/' || mayBeFloat(expression.left, isFloat) || mayBeFloat(expression.right, isFloat)
      );
  }
}
