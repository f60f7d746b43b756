import { describe, expect, test } from 'vitest';
import { pythonTokens } from '../../../renderer/features/design/summary/python-tokens.ts';
import { codeCases } from '../../baselines/code-cases.ts';

describe('Python in colours', () => {
  test('is the code, whatever it is', () => {
    for (const { name, code } of codeCases()) {
      const joined = pythonTokens(code.text)
        .map(({ text }) => text)
        .join('');
      expect(joined, name).toBe(code.text);
    }
  });

  test('tells keywords, texts and numbers', () => {
    const found = pythonTokens('class A(nn.Conv2d):\n    """for 3"""\n    x = 1e-05 if y2 else "a\\"b"\n');
    expect(found.filter(({ kind }) => kind !== 'plain')).toEqual([
      { kind: 'word', text: 'class' },
      { kind: 'text', text: '"""for 3"""' },
      { kind: 'number', text: '1e-05' },
      { kind: 'word', text: 'if' },
      { kind: 'word', text: 'else' },
      { kind: 'text', text: '"a\\"b"' },
    ]);
  });
});
