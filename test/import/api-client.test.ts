import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { connectApi } from '#local/import/api-client.ts';

test('when too many requests were sent, then the next one waits as long as it was told to', async () => {
  const times: number[] = [];
  const server = createServer((_request, response) => {
    times.push(performance.now());
    const isFirst = times.length === 1;
    response.writeHead(isFirst ? 429 : 200, {
      'content-type': 'application/json',
      ...(isFirst && { 'retry-after': '1' }),
    });
    response.end('{}');
  }).listen(0);
  await once(server, 'listening');
  try {
    const api = connectApi(`http://localhost:${(server.address() as AddressInfo).port}`);
    expect((await api.send({ method: 'GET', path: '/v1/deals' })).status).toBe(200);
    const [first = 0, second = 0] = times;
    expect(second - first).toBeGreaterThanOrEqual(990);
  } finally {
    server.close();
  }
});
