import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './test/long-files-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/platform/database-engine.ts'],
    setupFiles: ['test/platform/table-name.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongFilesFirst },
    // Shared machines stall for seconds: a limit here only ends what would never end.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
