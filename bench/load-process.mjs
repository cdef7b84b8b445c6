/**
 * Sends requests at a rate, in a process of its own: `node load-process.mjs <file of options>`, options as autocannon takes them. Prints
 * what came back as JSON. It is plain JavaScript because autocannon brings no types.
 */
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const result = await autocannon(JSON.parse(readFileSync(process.argv[2], 'utf8')));
const { latency, statusCodeStats, errors, timeouts, duration } = result;
const statuses = Object.fromEntries(Object.entries(statusCodeStats).map(([status, { count }]) => [status, count]));
process.stdout.write(
  `\n${JSON.stringify({ p50Ms: latency.p50, p99Ms: latency.p99, statuses, errors, timeouts, seconds: duration })}`,
);
