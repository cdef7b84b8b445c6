import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import * as z from 'zod';
import { type ApiRequest, ask } from '#local/import/api-client.ts';
import { adminOf } from '#local/import/onboard-partners.ts';
import type { Plan } from '#local/import/plan.ts';
import { idsOf, published, type Reviewing } from '#test/import/a-reviewed-year.ts';
import {
  checkKpis,
  checkScores,
  type ExpectedQuarter,
  expectedQuarters,
  type Reading,
} from '#test/import/check-a-quarter.ts';
import { readSpots } from '#test/import/spot-figures.ts';

interface Office extends Reviewing {
  readonly plan: Plan;
}

const Run = z.object({ id: z.string(), status: z.string(), progress: z.record(z.string(), z.number()) });

/** Computes a quarter once more, and waits for it. */
const scoreAgain = async ({ laptop, api }: Office, { token }: Reading, body: object): Promise<z.infer<typeof Run>> => {
  const idempotencyKey = hash('sha256', JSON.stringify(body));
  const { id } = await ask(api, { method: 'POST', path: '/v1/scoring-runs', token, idempotencyKey, body }, Run);
  // What follows from it has followed once the clock has been put to where it stands.
  await laptop.moveTo(await laptop.now());
  return ask(api, { method: 'GET', path: `/v1/scoring-runs/${id}`, token }, Run);
};

const unchanged = { partners: 35, changed: 0, unchanged: 35, parked: 0 };

/** Months later nothing comes out otherwise: neither of a quarter that only staff saw, nor of one that partners were shown. */
const checkAgain = async (office: Office, reading: Reading, all: readonly ExpectedQuarter[]): Promise<void> => {
  for (const body of [{ quarter: '2024-Q3' }, { quarter: published, reason: 'Somebody asked.' }]) {
    expect(await scoreAgain(office, reading, body)).toMatchObject({ status: 'completed', progress: unchanged });
    const one = all.find(({ quarter }) => quarter === body.quarter);
    if (one) await checkKpis(reading, one, { groupBy: 'tier', by: 'month' });
  }
};

const Shown = z.object({ status: z.string(), digest: z.string(), score: z.number(), categories: z.array(z.unknown()) });

/** What a partner is shown is what staff see of the quarter; of those that are not published it is told nothing. */
const checkOwn = async ({ api, laptop, plan }: Office, { ids, token }: Reading): Promise<void> => {
  const [partner] = plan.partners;
  const id = ids.get(partner?.name.replace(/ Partners$/, '') ?? '') ?? '';
  if (!partner) throw new Error('There is nobody to show it to.');
  const own = { method: 'GET', token: await laptop.signIn(adminOf(partner, id)) } as const;
  const path = `/v1/partners/${id}/health/${published}`;
  const ofStaff = await ask(api, { method: 'GET', path, token }, Shown);
  const mine = await ask(api, { ...own, path }, Shown.extend({ history: z.array(z.object({ quarter: z.string() })) }));
  expect(mine).toMatchObject({ status: 'published', digest: ofStaff.digest, score: ofStaff.score });
  expect(mine.history.map(({ quarter }) => quarter)).toEqual([published]);
  const card = await ask(
    api,
    { ...own, path: path.replace('health', 'scorecards') },
    z.record(z.string(), z.unknown()),
  );
  expect(card).toMatchObject({ status: 'published', health: { score: ofStaff.score } });
  expect(card).not.toHaveProperty('warnings');
  const other = [...ids.values()].find((each) => each !== id) ?? '';
  const refused: readonly ApiRequest[] = [
    { ...own, path: path.replace(published, '2025-Q2') },
    { ...own, path: path.replace(id, other) },
  ];
  for (const request of refused) expect((await api.send(request)).status).toBe(404);
};

const groups = ['all', 'tier', 'type', 'region'];
const periods = ['month', 'quarter', 'year'];

/** Every quarter of the year as it was scored by itself, read through the API and held against what was recomputed. */
export const checkTheQuarters = async (office: Office): Promise<void> => {
  const { api, laptop, partners } = office;
  const token = await laptop.signIn({ role: 'partner_manager', email: 'auditor@tandem.example' });
  const known = await idsOf(office);
  const reading: Reading = { api, token, ids: new Map([...known].map(([agent, { id }]) => [agent, id])) };
  const all = expectedQuarters(partners);
  // The one that still goes on is scored when somebody asks for it.
  const running = await scoreAgain(office, reading, { quarter: all.at(-1)?.quarter });
  expect(running).toMatchObject({ status: 'completed', progress: { partners: 35, changed: 35 } });
  let compared = 0;
  for (const one of all) {
    await checkScores(reading, one, all);
    for (const groupBy of groups) for (const by of periods) compared += await checkKpis(reading, one, { groupBy, by });
    compared += await checkKpis(reading, one, { groupBy: 'partner', by: 'quarter' });
  }
  console.log(`${compared} figures of ${all.length} quarters are as recomputed`);
  await checkOwn(office, reading);
  await checkAgain(office, reading, all);
  const spots = await readSpots(reading);
  console.log(spots);
  expect(readFileSync('README.md', 'utf8')).toContain(spots);
};
