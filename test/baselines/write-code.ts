// Writes the cases of python_code.py to stdout: one JSON list of name, shapes of the inputs, whether they are whole
// numbers, and code.
import { codeCases } from './code-cases.ts';

const cases = codeCases().map(({ name, resolved, code, isWhole }) => {
  return { name, inputs: resolved.inputs, isWhole, code: code.text };
});
process.stdout.write(JSON.stringify(cases));
