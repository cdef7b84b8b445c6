import { beforeAll, expect, test } from 'vitest';
import { violationsOf } from './all-oracles.ts';
import { wrapClients } from './faulty-client.ts';
import { runHistory } from './history.ts';

beforeAll(() => {
  process.env.CURSOR_SECRET = 'secret';
  process.env.APPROVAL_STATE_MACHINE_ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine:Approval';
  process.env.MAIL_FROM = 'program@example.com';
  process.env.PORTAL_URL = 'https://portal.example.com';
  process.env.USER_POOL_ID = 'eu-central-1_pool';
  wrapClients();
});

test('x', async () => {
  const kinds = new Map<string, string[]>();
  const from = Number(process.env.FROM ?? 1),
    n = Number(process.env.N ?? 100);
  const t = performance.now();
  let requests = 0,
    faulted = 0,
    commits = 0;
  for (let s = from; s < from + n; s++) {
    const { recording, counts } = await runHistory(s);
    requests += counts.requests;
    faulted += counts.faulted;
    commits += recording.commits.length;
    for (const v of violationsOf(recording)) {
      const k = v
        .replace(/(deal|ptr|apr|usr|acc)_\w+/g, '$1')
        .replace(/2\d{3}-[\d-]+T[\d:.]+Z/g, 'T')
        .replace(/key-\d+/, 'key')
        .replace(/\d+/g, 'n');
      const l = kinds.get(k) ?? [];
      l.push(`${s} ${v}`);
      kinds.set(k, l);
    }
  }
  console.log(performance.now() - t, requests / n, faulted / requests, commits / n);
  for (const [k, l] of kinds) console.log(l.length, k, '\n      ', l.slice(0, 3).join('\n       '));
  expect(1).toBe(1);
});
