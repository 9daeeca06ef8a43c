import { defineConfig } from 'vitest/config';

// Fast tests need nothing; tests named *.models.test.ts load real models and real recordings; those named *.servers.test.ts
// install and start servers of other people, and say aloud what they left out. Those named
// *.hostile.test.ts throw thousands of broken files at what is built.
const source = {
  resolve: { conditions: ['sensorium-source'] },
  ssr: { resolve: { conditions: ['sensorium-source'] } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'fast',
          include: ['{src,test,bench}/**/*.test.ts'],
          exclude: ['**/*.models.test.ts', '**/*.servers.test.ts', '**/*.hostile.test.ts'],
          // On a busy machine a process takes its time to end.
          expect: { poll: { timeout: 10_000 } },
          testTimeout: 15_000,
          pool: 'forks',
          // No test here leaves anything behind in its process, so files may share one: half the time.
          isolate: false,
          maxWorkers: 2,
        },
      },
      {
        ...source,
        test: {
          name: 'models',
          include: ['{src,test,bench}/**/*.models.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          pool: 'forks',
        },
      },
      {
        // On what is built: from source each of its thousand processes would take half a second to start.
        test: {
          name: 'hostile',
          include: ['test/**/*.hostile.test.ts'],
          testTimeout: 3_600_000,
          pool: 'forks',
          disableConsoleIntercept: true,
        },
      },
      {
        ...source,
        test: {
          name: 'servers',
          include: ['test/**/*.servers.test.ts'],
          testTimeout: 300_000,
          // One of them is built from source.
          hookTimeout: 1_200_000,
          fileParallelism: false,
          pool: 'forks',
        },
      },
    ],
  },
});
