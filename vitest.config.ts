import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // What a store imports of another place may stand beside its components.
  plugins: [vue()],
  test: {
    include: ['test/**/*.test.ts'],
    // The hundreds of processes that tests start need not compile the sources each time.
    env: { NODE_COMPILE_CACHE: path.resolve('build', 'compiled') },
    setupFiles: ['test/setup/own-folders.ts'],
    // One more than there are cores, since tests wait for windows and processes. Each may hold libtorch and a data set.
    pool: 'forks',
    maxWorkers: Math.max(1, Math.min(availableParallelism() + 1, Math.floor(totalmem() / 2.5e9))),
    // Trainings on a busy machine: how long they take says nothing about whether they are right.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
