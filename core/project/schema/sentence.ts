import type { z } from 'zod';

/** Where it is wrong: of an unknown field the field itself. */
export function issuePath(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
}

/** What is wrong with a value, going on from its place: "must be at least 1, not -5". For schemas that say nothing themselves. */
export function sentenceOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined && issue.code !== 'custom') return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeWords[issue.expected] ?? issue.expected}, not ${shown(issue.input)}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, not ${shown(issue.input)}`;
    case 'too_small':
      if (issue.origin === 'array' || issue.origin === 'string') {
        return issue.minimum === 1 ? 'must not be empty' : `must have ${issue.minimum} entries`;
      }
      return `must be ${issue.inclusive === true ? 'at least' : 'greater than'} ${issue.minimum}, not ${shown(issue.input)}`;
    case 'too_big':
      if (issue.origin === 'array') return `must have ${issue.maximum} entries`;
      return `must be ${issue.inclusive === true ? 'at most' : 'less than'} ${issue.maximum}, not ${shown(issue.input)}`;
    default:
      return undefined;
  }
}

const typeWords: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a string',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
};

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}
