import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Native runtimes keep thread pools of their own: one process per file, two at a time, keeps them honest.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['src-*/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'tests/e2e/**', 'tests/package/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'whole app',
          include: ['tests/{e2e,package}/**/*.test.ts'],
          globalSetup: 'tests/e2e/build-app.ts',
          // Pages may be slow where engines compute.
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
