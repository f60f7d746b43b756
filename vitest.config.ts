import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each test process may hold libtorch and a data set; two trainings at once only slow each other down.
    pool: 'forks',
    maxWorkers: 2,
    // Trainings on a busy machine: how long they take says nothing about whether they are right.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
