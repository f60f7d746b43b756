import type { LayerType } from '../../../../core/catalogue/layer-type.ts';
import { noExpressions, readOption } from '../../../../core/catalogue/read-options.ts';
import { Refusal } from '../../../../core/catalogue/refusal.ts';
import { evaluateExpression, parseExpression } from '../../../../core/network/expression.ts';
import type { OptionValue } from '../../../../core/network/tree.ts';

/** Parameters of the Block around, which expressions may use; null outside of Blocks. */
export type Names = readonly string[] | null;

/** Why an option cannot take a value, in a sentence. What an expression amounts to is known only where its Block is used. */
export function optionRefusal(type: LayerType, option: string, value: OptionValue, names: Names): string | undefined {
  const declaration = type.options[option]!;
  const isWord = declaration.kind === 'choice' || value === 'same' || value === 'valid';
  return sentenceOf(type.name, () => {
    const texts = isWord ? [] : [value].flat().filter((entry) => typeof entry === 'string');
    if (texts.length === 0) readOption(option, declaration, value, noExpressions);
    for (const text of texts) checkExpression(text, names);
  });
}

/** Why a text cannot stand for a number there, in a sentence that begins with `title`. */
export function expressionRefusal(title: string, text: string, names: Names): string | undefined {
  return sentenceOf(title, () => checkExpression(text, names));
}

/** For settings that take any number: the argument of a Block. */
export function numberCheck(title: string, names: Names): (value: number | string) => string | undefined {
  return (value) => (typeof value === 'string' ? expressionRefusal(title, value, names) : undefined);
}

function checkExpression(text: string, names: Names): void {
  if (names === null) noExpressions(text);
  else evaluateExpression(parseExpression(text), new Map(names.map((name) => [name, 1])));
}

function sentenceOf(title: string, check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `${title} ${error.message}${/[.?]$/.test(error.message) ? '' : '.'}`;
  }
}
