import { isDeepStrictEqual } from 'node:util';
import { fingerprint } from '#shared/core/ids.ts';
import { Deal } from '#shared/deals/deal.ts';
import { invoiceIdentity } from '#shared/documents/invoice.ts';
import { Earning } from '#shared/earnings/earning.ts';
import { earningsOf, type Series } from '#shared/earnings/earnings-of-deal.ts';
import { resultsOfPeriod } from '#shared/earnings/earnings-of-period.ts';
import { participantOf } from '#shared/earnings/participant.ts';
import { periodsOf } from '#shared/earnings/periods.ts';
import { SaleFact, salesOfDeal } from '#shared/earnings/sales-of-deal.ts';
import { tellFault } from '#shared/ledger/fault.ts';
import { journalsOf } from '#shared/ledger/folding.ts';
import { floorsCrossed } from '#shared/ledger/oracles.ts';
import { openReconciliation } from '#shared/ledger/reconciliation.ts';
import { budgetIdOf } from '#shared/mdf/allocate-budget.ts';
import { Claim } from '#shared/mdf/claim.ts';
import { Partner } from '#shared/partners/partner.ts';
import { eventsIn, isToldFact, type Oracle } from './oracles.ts';
import type { AnsweredCall, StoredItem } from './recording.ts';
import { programOfHistories } from './start-of-a-history.ts';

/** I1 to I4 and I8 by the very oracles that look at the books every night: what is folded, kept and earned is what events say. */
export const booksAgree: Oracle = ({ items }) => {
  const reconciliation = openReconciliation();
  // Facts that were told are events and nothing else; no money is in them.
  for (const item of items) if (!isToldFact(item.pk)) reconciliation.take(item);
  return reconciliation.judge().faults.map(tellFault);
};

/** I2: no account was below its floor at any moment, journal by journal as the table took them. */
export const neverOverspent: Oracle = ({ commits }) =>
  floorsCrossed(commits.flatMap((commit) => eventsIn(commit).flatMap(journalsOf))).map(tellFault);

/** Every state of each item, and after how many commits it came to be. */
type Past = ReadonlyMap<string, readonly { readonly after: number; readonly item: StoredItem }[]>;

const pastOf = (commits: readonly (readonly StoredItem[])[]): Past =>
  Map.groupBy(
    commits.flatMap((commit, after) => commit.map((item) => ({ after, item }))),
    ({ item }) => `${item.pk} ${item.sk}`,
  );

/** The states that an item was in at some moment between two counts of commits; `undefined` where it was not there. */
const statesBetween = (past: Past, key: string, from: number, to: number): readonly (StoredItem | undefined)[] => {
  const all = past.get(key) ?? [];
  return [
    all.findLast(({ after }) => after <= from)?.item,
    ...all.filter(({ after }) => after > from && after <= to).map(({ item }) => item),
  ];
};

const minor = (money: unknown): number => (money as { readonly amountMinor: number } | undefined)?.amountMinor ?? 0;

/** Out of what a call wanted to take, and how much. */
interface Wanted {
  readonly key: string;
  readonly balance: 'available' | 'reservedLeft';
  readonly amountMinor: number;
}

const wantedBy = (call: AnsweredCall, past: Past): Wanted | undefined => {
  const { operation, params, caller } = call;
  const body = (call.body ?? {}) as Readonly<Record<string, unknown>>;
  const latest = (key: string) => past.get(key)?.at(-1)?.item;
  const ofBudget = (partnerId: unknown, quarter: unknown, amountMinor: number): Wanted => ({
    key: `${budgetIdOf(String(partnerId), String(quarter))} budget`,
    balance: 'available',
    amountMinor,
  });
  const ofRequest = (requestId: unknown, amountMinor: number): Wanted => ({
    key: `${requestId} request`,
    balance: 'reservedLeft',
    amountMinor,
  });
  const claimed = latest(`${params.claimId} claim`);
  const partnerId = caller.kind === 'anonymous' ? undefined : caller.partnerId;
  switch (operation) {
    case 'submit-mdf-request':
      return ofBudget(partnerId, body.quarter, minor(body.requestedAmount));
    case 'resubmit-mdf-request':
      return ofBudget(latest(`${params.requestId} request`)?.partnerId, body.quarter, minor(body.requestedAmount));
    case 'submit-mdf-claim':
      return ofRequest(params.requestId, minor(body.claimedAmount));
    case 'decide-approval': {
      const approval = latest(`${params.approvalId} approval`);
      const request = latest(`${(approval?.subject as { id?: string } | undefined)?.id} request`);
      // A claim holds what it asks for, so no decision on it may be refused for funds.
      return request && ofBudget(request.partnerId, request.quarter, minor(body.approvedAmount ?? approval?.amount));
    }
    case 'dispute-mdf-claim':
      return claimed && ofRequest(claimed.requestId, minor(claimed.claimedAmount) - minor(claimed.approvedAmount));
    case 'resubmit-mdf-claim':
      // It holds what it asked for before; by how much more it asks now depends on when.
      return claimed && ofRequest(claimed.requestId, minor(body.claimedAmount));
    default:
      return undefined;
  }
};

/** I2: what was refused for lack of funds did not fit, at some moment at least between its coming and its answer. */
export const refusedRightly: Oracle = ({ calls, commits }) => {
  const past = pastOf(commits);
  return calls.flatMap((call) => {
    const { reply, operation, at, key, begunAfter, answeredAfter = commits.length } = call;
    if (reply?.body.code !== 'mdf.budget_exceeded') return [];
    const wanted = wantedBy(call, past);
    if (!wanted) return [`I2: ${operation} at ${at} (${key}) was refused for funds that it does not take`];
    const left = (item: StoredItem | undefined): number =>
      wanted.balance === 'available' && String(item?.expiresAt ?? '') <= at ? 0 : Number(item?.[wanted.balance] ?? 0);
    // The first of the commits is the table as it was before.
    const least = Math.min(...statesBetween(past, wanted.key, begunAfter, answeredAfter).map(left));
    return least < wanted.amountMinor
      ? []
      : [`I2: ${operation} at ${at} (${key}) was refused ${wanted.amountMinor}, and ${least} were there`];
  });
};

const isWithoutBudget = ({ status, explanation }: Earning): boolean =>
  status === 'reversed' && explanation.inputs.budget !== undefined;

const inShort = ({ id, kind, status, amount, holdUntil, partnerId }: Earning, isDisputed: boolean) => ({
  id,
  kind,
  status,
  amountMinor: amount.amountMinor,
  // A dispute holds a line for as long as it takes.
  holdUntil: isDisputed ? undefined : holdUntil,
  partnerId,
});

/** What a series should have come to, where the rule's budget had room for it. */
const wantedOf = ({ earnings }: Series): readonly Earning[] =>
  earnings.flatMap((states) => states.at(-1)?.earning ?? []);

/** A rule's budget was said to be used up: there was a moment, before that was written down, at which it had less than was asked for. */
const usedUpWrongly = (series: Series, earning: Earning, past: Past): readonly string[] => {
  const { rule, total } = series;
  const bookedAfter = past.get(`${earning.partnerId} earning#${earning.createdAt}#${earning.id}`)?.[0]?.after ?? 0;
  const states = past.get(`incentive#${rule.id} budget`) ?? [];
  const before = states.filter(({ after }) => after < bookedAfter).map(({ item }) => Number(item.available));
  const least = Math.min(rule.budget?.amountMinor ?? 0, ...before);
  return least < total.amountMinor ? [] : [`I2: ${earning.id} was refused the budget of ${rule.id}, which had room`];
};

/** I4: a won deal has exactly the earnings that the rules give for its payments and refunds, in the state they have come to. */
export const earnedAsReckoned: Oracle = ({ items, commits }) => {
  const program = programOfHistories();
  const past = pastOf(commits);
  const earnings = new Map(
    items.filter(({ sk }) => sk.startsWith('earning#')).map((item) => [String(item.id), Earning.parse(item)]),
  );
  const partners = new Map(
    items.filter(({ sk }) => sk === 'partner').map((item) => [item.pk, Partner.parse({ ...item, id: item.pk })]),
  );
  const wanted = new Set<string>();
  const wrong = items
    .filter(({ sk, status }) => sk === 'deal' && status === 'won')
    .flatMap((item) => {
      const deal = Deal.parse({ ...item, id: item.pk });
      const participants = deal.attributions.flatMap((part) => {
        const partner = partners.get(part.partnerId);
        return partner ? [participantOf(part, partner)] : [];
      });
      return earningsOf(deal, { program, participants }).flatMap((series): readonly string[] => {
        const [first] = wantedOf(series);
        const booked = first && earnings.get(first.id);
        if (booked && isWithoutBudget(booked) && series.rule.budget) {
          wanted.add(booked.id);
          return usedUpWrongly(series, booked, past);
        }
        return wantedOf(series).flatMap((earning) => {
          wanted.add(earning.id);
          const is = earnings.get(earning.id);
          const isDisputed = is?.disputed !== undefined;
          const right = inShort(earning, isDisputed);
          if (is && isDeepStrictEqual(inShort(is, isDisputed), right)) return [];
          const said = is ? JSON.stringify(inShort(is, isDisputed)) : 'not there';
          return [`I4: an earning of ${deal.id} is ${said}; right would be ${JSON.stringify(right)}`];
        });
      });
    });
  const unwanted = [...earnings.values()]
    // What a dispute found missing is an earning of its own.
    .filter(({ id, dealId, explanation }) => dealId && !wanted.has(id) && explanation.rule !== 'dispute')
    .map(({ id, dealId }) => `I4: ${id} of ${dealId} should not be there`);
  return [...wrong, ...unwanted];
};

/** I4: of a quarter or year that was settled, each partner was booked what the rules give for what it sold in it. */
export const settledAsReckoned: Oracle = ({ items }) => {
  const program = programOfHistories();
  const done = new Set(items.filter(({ pk, doneAt }) => pk === 'settlement' && doneAt).map(({ sk }) => sk));
  const sales = items.filter(({ sk }) => sk.startsWith('sale#')).map((item) => SaleFact.parse(item));
  const earnings = items.filter(({ sk }) => sk.startsWith('earning#')).map((item) => Earning.parse(item));
  const periods = new Map(
    sales
      .flatMap(({ closedOn }) => periodsOf(closedOn, program))
      .filter(({ name }) => done.has(name))
      .map((period) => [period.name, period]),
  );
  return [...periods.values()].flatMap((period) =>
    items
      .filter(({ sk }) => sk === 'partner')
      .flatMap((item) => {
        const { id: partnerId, types, tier } = Partner.parse({ ...item, id: item.pk });
        const sold = sales.filter(
          (sale) => sale.partnerId === partnerId && period.from <= sale.closedOn && sale.closedOn <= period.until,
        );
        if (sold.length === 0) return [];
        const seller = { partnerId, types, tier, agreed: [], targets: {}, sales: sold };
        return resultsOfPeriod(seller, { period, program }).flatMap(({ rule, reached, amount }) => {
          const right = reached ? amount.amountMinor : 0;
          const booked = earnings
            .filter((it) => it.partnerId === partnerId && it.period === period.name && it.explanation.rule === rule.id)
            .reduce((sum, it) => sum + it.amount.amountMinor, 0);
          return booked === right
            ? []
            : [`I4: ${partnerId} was booked ${booked} by ${rule.id} for ${period.name}; right would be ${right}`];
        });
      }),
  );
};

/** I4: what a claim holds, it holds alone: each of its documents and invoices names it. */
export const usedOnce: Oracle = ({ items }) => {
  const holders = new Map(
    items.filter(({ sk }) => sk === 'content' || sk === 'invoice').map(({ pk, claimId }) => [pk, claimId]),
  );
  return items
    .filter(({ sk, status, awaits }) => sk === 'claim' && (holding.includes(String(status)) || awaits !== undefined))
    .flatMap((item) => {
      const { id, documents, invoices } = Claim.parse(item);
      const held = [
        ...documents.map(({ sha256 }) => `content#${sha256}`),
        ...invoices.map((invoice) => `invoice#${fingerprint(...invoiceIdentity(invoice))}`),
      ];
      return held
        .filter((pk) => holders.get(pk) !== id)
        .map((pk) => `I4: ${id} stands on ${pk.slice(0, 20)}, which is in ${holders.get(pk) ?? 'no claim'}`);
    });
};

const holding = ['submitted', 'returned', 'approved', 'partially_approved', 'paid'];

/** I9: what each partner sold with a won deal is known once, as its refunds have left it. */
export const salesAreKnown: Oracle = ({ items }) => {
  const program = programOfHistories();
  const known = items.filter(({ sk }) => sk.startsWith('sale#')).map((item) => SaleFact.parse(item));
  return items
    .filter(({ sk, status }) => sk === 'deal' && status === 'won')
    .flatMap((item) => salesOfDeal(Deal.parse({ ...item, id: item.pk }), program))
    .filter((sale) => known.filter((each) => isDeepStrictEqual(each, sale)).length !== 1)
    .map(({ dealId, partnerId }) => `I9: what ${partnerId} sold with ${dealId} is not known as it is`);
};
