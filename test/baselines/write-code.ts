// Writes the cases of python_code.py to stdout: one JSON list of name, shapes of the inputs and code.
import { codeCases } from './code-cases.ts';

const cases = codeCases().map(({ name, resolved, code }) => ({ name, inputs: resolved.inputs, code: code.text }));
process.stdout.write(JSON.stringify(cases));
