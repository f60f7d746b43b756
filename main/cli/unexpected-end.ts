import { reportUnexpected } from '../unexpected-error.ts';

let isServing = false;

/**
 * `end` is called with what no command caught: an error thrown in an event, or a promise that nobody waited for. A
 * server only reports such a promise: the clients and trainings beside the one that caused it continue.
 */
export function onUnexpected(end: (error: unknown) => void): void {
  process.on('uncaughtException', end);
  process.on('unhandledRejection', (error) => {
    if (isServing) void reportUnexpected(error);
    else end(error);
  });
}

/** From now on this process is a server. */
export function beginServing(): void {
  isServing = true;
}
