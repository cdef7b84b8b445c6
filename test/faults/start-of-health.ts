import { handler as facts } from '#functions/facts/door.ts';
import type { Caller } from '#shared/core/caller.ts';
import { send } from '#test/support/call.ts';
import type { Measures } from './model-engine.ts';
import { type Mark, partnerOf } from './people-of-a-history.ts';
import { forEachMark } from './start-of-money.ts';
import { sell } from './start-of-payouts.ts';
import type { World } from './world.ts';

/** Where histories of quarters begin, besides what all begin with: each partner sold twice in the first, and was told of in both. */
export const beginningOfHealth = Date.parse('2026-07-03T03:00:00.000Z');

const justBefore = new Date(beginningOfHealth - 7_200_000).toISOString();

const measures: readonly [Measures, ...Measures[]] = [
  // One segment, whose worker hands back in the middle.
  { bytes: 1_000_000, perPage: 5 },
  { bytes: 100_000_000, perPage: 1000 },
  { bytes: 100_000_000, perPage: 4 },
];

/** How large the facts are said to be, and so into how many segments they are cut: one, or eight. */
export const measuresOfFacts = (seed: number): Measures => measures[seed % measures.length] ?? measures[0];

export const integration = (id: string): Caller & { readonly id: string } => ({
  kind: 'api_key',
  id: `key_${id}`,
  role: 'partner_manager',
  scopes: ['facts:write'],
});

const firstDays = { 'mark-aleph': '2026-02-10', 'mark-bet': '2026-03-31', 'mark-gimel': '2026-06-30' } as const;
const certified = { 'mark-aleph': 6, 'mark-bet': 3, 'mark-gimel': 1 } as const;

const tell = async (mark: Mark): Promise<void> => {
  const partnerId = partnerOf(mark);
  const [occurredAt, first] = ['2026-05-11T10:00:00.000Z', firstDays[mark]];
  const rows = [
    { kind: 'certified.people', value: certified[mark], occurredAt: first },
    { kind: 'training.completed', value: 2, occurredAt: first },
    { kind: 'nps.answer', value: 9, occurredAt },
    { kind: 'overlap.customers', value: 7, occurredAt },
    { kind: 'lead.sent', occurredAt },
    { kind: 'customer.revenue', value: 120_000, currency: 'USD', about: `customer-of-${mark}`, occurredAt },
    { kind: 'integration.installs', value: 40, about: 'app', occurredAt },
  ];
  const body = { facts: rows.map((row, index) => ({ ...row, partnerId, id: `first-${index}-of-${mark}` })) };
  const reply = await send(facts, {
    operation: 'report-facts',
    caller: integration('one'),
    at: justBefore,
    body,
    key: `tell-${mark}`,
  });
  if (reply.body.accepted !== rows.length) throw new Error(reply.text);
};

/** One phase after another. */
export const phasesOfHealth: readonly (() => Promise<void>)[] = [
  forEachMark(sell(0)),
  forEachMark(sell(1)),
  forEachMark(tell),
];

/** Why the last runs of a history are made. */
export const lastLook = 'The last look.';

/** In their order: a quarter's figures look back, never ahead. */
export const quartersScored = ({ engine }: World): readonly string[] => {
  const runs = engine.items().filter(({ pk, sk }) => sk?.S === 'run' && pk?.S?.startsWith('scr_'));
  return [...new Set(runs.map(({ quarter }) => quarter?.S ?? ''))].sort();
};
