/** One word for each state of a run, wherever it is shown: in the window, on the command line, stored or under way. */
export const runStateWords = {
  starting: 'Starting',
  running: 'Training',
  pausing: 'Pausing',
  paused: 'Paused',
  stopping: 'Stopping',
  finished: 'Finished',
  /** As the window watches it, and as it is stored. */
  stopped: 'Stopped',
  interrupted: 'Stopped',
  failed: 'Failed',
  crashed: 'Failed',
} as const;
