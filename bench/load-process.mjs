/**
 * Sends requests at a rate, in a process of its own: `node load-process.mjs <file of options>`, options as autocannon takes them, and for
 * each request that registers `by`, who sends it. Prints what came back as JSON. It is plain JavaScript because autocannon brings no types.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const attempted = [];
const acknowledged = [];

/** Gives each try a key of its own and notes it before it is sent; notes the id of what was answered as done. */
const noted = ({ by, ...request }) => ({
  ...request,
  setupRequest: (asked) => {
    const key = randomUUID();
    attempted.push({ by, key });
    const headers = { ...asked.headers, 'idempotency-key': key };
    return { ...asked, headers, body: asked.body.replaceAll('[<id>]', key) };
  },
  onResponse: (status, body) => {
    if (status === 201) acknowledged.push(JSON.parse(body).id);
  },
});

const { requests, ...options } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const result = await autocannon({ ...options, requests: requests.map((each) => (each.by ? noted(each) : each)) });
const { latency, statusCodeStats, errors, timeouts, duration } = result;
const statuses = Object.fromEntries(Object.entries(statusCodeStats).map(([status, { count }]) => [status, count]));
const told = { p50Ms: latency.p50, p99Ms: latency.p99, statuses, errors, timeouts, seconds: duration };
process.stdout.write(`\n${JSON.stringify({ ...told, attempted, acknowledged })}`);
