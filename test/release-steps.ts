import type { Step } from './run-step.ts';

/**
 * What a release asks for beside `npm test`, the histories last: they take longest, and a run of them that was ended goes on where it stood.
 */
export const releaseSteps: readonly Step[] = [
  {
    name: 'hostile input, races, kills and payments at the size of a release',
    command: [
      ...['vitest', 'run', 'test/openapi', 'test/hostile', 'test/deals/race.test.ts', 'test/mdf/budget-race.test.ts'],
      ...['test/faults/kills', 'test/payouts/kills.test.ts', 'test/payouts/stripe-once.test.ts'],
    ],
    settings: {
      MALFORMED: '50000',
      HOSTILE_REQUESTS: '10000',
      RACE_ROUNDS: '200',
      MDF_ROUNDS: '300',
      KILLS: 'all',
      STRIPE: '500x200',
    },
  },
  { name: 'mutation', command: ['stryker', 'run'] },
  { name: 'planted bugs', command: ['node', 'test/faults/planted-bugs.ts'] },
  { name: 'histories', command: ['node', 'test/faults/release-histories.ts'] },
];
