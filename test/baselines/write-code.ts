// Writes the cases of python_code.py to stdout: one JSON list of name, input shape and code.
import { codeCases } from './code-cases.ts';

const cases = codeCases().map(({ name, resolved, code }) => ({ name, input: resolved.input, code: code.text }));
process.stdout.write(JSON.stringify(cases));
