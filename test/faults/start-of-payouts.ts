import { handler as deals } from '#functions/deals/door.ts';
import { handler as partners } from '#functions/partners/door.ts';
import type { Caller } from '#shared/core/caller.ts';
import { ensureUser } from '#shared/users/user-store.ts';
import { anIbanPayee, aStripePayee, aUsPayee } from '#test/payouts/a-payee.ts';
import { admin, adminOf, finance, manager, otherFinance } from '#test/support/people.ts';
import { type Mark, partnerOf, repsOf } from './people-of-a-history.ts';
import { aSmallDeal, ask, forEachMark, today, usd } from './start-of-money.ts';

/**
 * Where histories of payouts begin, besides what all begin with: each partner has said how it is paid, and was paid for two deals by
 * its customers, months ago. The real doors bring it about.
 */
const dayMs = 86_400_000;
const firstMorning = Date.parse('2026-05-04T09:00:00.000Z');

/** Each third of the seeds begins while another provider pays. */
export const beginningOfPayouts = (seed: number): number => firstMorning + (seed % 3) * 30 * dayMs;

export const thirdFinance: Caller & { readonly id: string } = { ...finance, id: 'usr_third_finance' };

const staff = [admin, manager, finance, otherFinance, thirdFinance];

const knowStaff = async (): Promise<void> => {
  for (const caller of staff) {
    if (caller.kind === 'anonymous') continue;
    const { id, role } = caller;
    await ensureUser({ id, email: `${id}@staff.example`, role, now: '2026-01-01T00:00:00.000Z' });
  }
};

/** Accounts of a partner, each of another kind; every number of its own. */
export const payeesOf = (mark: Mark) => {
  const accountHolder = `Company ${mark}`;
  return [
    anIbanPayee({ accountHolder }),
    aStripePayee({ accountHolder, accountId: `acct_${mark.replace('-', '')}0001` }),
    aUsPayee({ accountHolder }),
    // Without a tax form not much can be paid.
    anIbanPayee({ accountHolder, taxForm: undefined }),
  ] as const;
};

/** Which of them each partner has at first: most of them can be paid by whoever pays when the history begins. */
const firstPayees = [
  { 'mark-aleph': 0, 'mark-bet': 1, 'mark-gimel': 0 },
  { 'mark-aleph': 1, 'mark-bet': 1, 'mark-gimel': 1 },
  { 'mark-aleph': 0, 'mark-bet': 1, 'mark-gimel': 2 },
] as const;

const tellPayee =
  (seed: number) =>
  async (mark: Mark): Promise<void> => {
    const partnerId = partnerOf(mark);
    const asked = { door: partners, operation: 'update-partner', caller: adminOf(partnerId), minute: 3 } as const;
    const seen = await ask({ ...asked, operation: 'get-partner' }, { params: { partnerId } });
    const body = { payee: payeesOf(mark)[(firstPayees[seed % 3] ?? firstPayees[0])[mark]] };
    await ask(asked, { params: { partnerId }, body, ifMatch: Number(seen.version) });
  };

/** Deals for which their customers have paid, and whose they are. */
export const paidDeals: Map<string, Mark> = new Map();

const values = { 'mark-aleph': 1_000_000, 'mark-bet': 900_000, 'mark-gimel': 2_400_000 } as const;

export const sell =
  (number: number) =>
  async (mark: Mark): Promise<void> => {
    const [caller = admin] = repsOf(mark);
    const registered = { door: deals, operation: 'register-deal', caller, minute: 4 + number } as const;
    const value = usd(number === 0 ? values[mark] : 610_001);
    const body = { ...aSmallDeal(mark, `${number}-of-${mark}.example`), value };
    const dealId = String((await ask(registered, { body, key: `sale-${number}-${mark}` })).id);
    paidDeals.set(dealId, mark);
    const closed = { door: deals, operation: 'close-deal', caller: manager, minute: 10 + number } as const;
    await ask(closed, { params: { dealId }, body: { outcome: 'won', closedOn: today }, key: `win-${number}-${mark}` });
    const paid = { door: deals, operation: 'pay-deal', caller: finance, minute: 20 + number } as const;
    await ask(paid, { params: { dealId }, body: { amount: value, paidOn: today }, key: `pay-${number}-${mark}` });
  };

/** One phase after another. */
export const phasesOfPayouts = (seed: number): readonly (() => Promise<void>)[] => [
  knowStaff,
  forEachMark(tellPayee(seed)),
  forEachMark(sell(0)),
  forEachMark(sell(1)),
];
