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
    // Each test process may hold libtorch and a data set; two trainings at once only slow each other down.
    pool: 'forks',
    maxWorkers: 2,
    // Trainings on a busy machine: how long they take says nothing about whether they are right.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
