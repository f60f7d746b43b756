import { FailureError } from '../failure.ts';
import type { Transport, Workbench } from './contract.ts';

/** The typed workbench over whatever carries it. */
export function workbenchOver(transport: Transport): Workbench {
  return {
    async call(name, ...given) {
      const answer = await transport.call(name, given[0]);
      if (!answer.ok) throw new FailureError(answer.failure);
      return answer.value as never;
    },
    on: (name, listener) => transport.on(name, listener),
  };
}
