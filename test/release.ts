import { releaseSteps } from './release-steps.ts';
import { runSteps } from './run-step.ts';

/** What is only tested before a release. Every step runs, whatever the others said; it ends with 1 when one of them failed. */
const results = await runSteps(releaseSteps);
process.exitCode = results.every(Boolean) ? 0 : 1;
