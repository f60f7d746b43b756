import { failed } from '../result.ts';
import type { Failed } from '../result.ts';

export type ReadJson = { readonly ok: true; readonly value: unknown } | Failed;

/** Reads the text of a project; `name` begins the sentence where it is no JSON. A byte order mark is no fault. */
export function readJson(text: string, name = 'The project'): ReadJson {
  try {
    return { ok: true, value: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The engine quotes the text, which may be of a file that is nobody's business.
    const place = reason.replace(/, (\.\.\.)?".*$/s, '');
    return failed({ code: 'badProject', message: `${name} is not JSON: ${place}.` });
  }
}
