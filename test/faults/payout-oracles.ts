import { hashOf } from '#shared/core/canonical.ts';
import type { StoredEvent } from '#shared/core/history.ts';
import { entitiesIn, eventsIn, historiesIn, type Oracle } from './oracles.ts';
import type { Recording, StoredItem } from './recording.ts';

/** What must hold of runs and payouts, told again by what PRODUCT and the issue say of them. */
const hourMs = 3_600_000;
const text = (item: StoredItem | undefined, name: string): string => String(item?.[name] ?? '');
const minor = (money: unknown): number => (money as { readonly amountMinor?: number } | undefined)?.amountMinor ?? 0;

const ofKind = ({ items }: Pick<Recording, 'items'>, prefix: 'run_' | 'pay_'): readonly StoredItem[] =>
  [...entitiesIn(items)].filter(([id]) => id.startsWith(prefix)).map(([, entity]) => entity);

interface Line {
  readonly payoutId: string;
  readonly amountMinor: number;
  readonly payeeVersion: number;
}

const linesOf = (items: readonly StoredItem[], runId: string): readonly Line[] =>
  items
    .filter(({ pk, sk }) => pk === runId && sk.startsWith('lines#'))
    .toSorted((a, b) => (a.sk < b.sk ? -1 : 1))
    .flatMap(({ lines }) => lines as readonly Line[]);

/** I7: what was approved is what was frozen, line by line, and nothing else is paid. */
export const manifestHolds: Oracle = ({ items }) => {
  const payouts = ofKind({ items }, 'pay_').filter(({ status }) => status !== 'open' && status !== 'carried');
  return ofKind({ items }, 'run_').flatMap((run) => {
    if (run.manifestHash === undefined) return [];
    const id = text(run, 'id');
    const lines = linesOf(items, id);
    const known = new Map(lines.map((line) => [line.payoutId, line]));
    const total = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const wrong: string[] = [];
    if (hashOf(lines) !== run.manifestHash) wrong.push('its lines are not what was approved');
    if (known.size !== lines.length) wrong.push('it has a payout twice');
    if (total !== minor(run.total) || lines.length !== run.payouts) wrong.push(`its lines come to ${total}`);
    for (const payout of payouts.filter(({ runId }) => runId === id)) {
      const line = known.get(text(payout, 'id'));
      // What was frozen after the manifest was made is opened again in the end.
      if (!line && payout.status === 'pending' && run.status === 'awaiting_approval') continue;
      if (line?.amountMinor !== minor(payout.amount) || line.payeeVersion !== payout.payeeVersion)
        wrong.push(`${payout.id} (${payout.status}) is not in it as it is`);
    }
    return wrong.map((what) => `I7: ${id}: ${what}`);
  });
};

/** I10: nothing is sent before its run is approved, and after it was rejected nothing is. */
export const approvedFirst: Oracle = ({ commits, items }) => {
  const runs = new Map(ofKind({ items }, 'pay_').map((payout) => [text(payout, 'id'), text(payout, 'runId')]));
  const approved = new Set<string>();
  return commits.flatMap((commit) =>
    eventsIn(commit).flatMap(({ type, subject }) => {
      if (type === 'payout_run.approved') approved.add(subject);
      if (type !== 'payout.sent' && type !== 'payout.unknown') return [];
      const runId = runs.get(subject) ?? '';
      return approved.has(runId) ? [] : [`I10: ${subject} was sent before ${runId} was approved`];
    }),
  );
};

/** More takes two, by the program of histories. */
const oneMayApprove = 250_000;

interface Decided {
  readonly by: string;
  readonly outcome: string;
}

const decisionsOn = (items: readonly StoredItem[], runId: string): readonly Decided[] =>
  items
    .filter(({ pk, sk }) => sk === 'approval' && pk.startsWith(`apr_${runId}_`))
    .flatMap(({ steps }) =>
      (steps as readonly { readonly decisions: readonly Decided[] }[]).flatMap((it) => it.decisions),
    );

/** I10: a run is decided by who did not start it, and by two where it is large. */
export const runsByOthers: Oracle = ({ items }) =>
  ofKind({ items }, 'run_').flatMap((run) => {
    const id = text(run, 'id');
    const decisions = decisionsOn(items, id);
    const approvers = new Set(decisions.filter(({ outcome }) => outcome === 'approve').map(({ by }) => by));
    const needed = minor(run.total) > oneMayApprove ? 2 : 1;
    return [
      ...(decisions.some(({ by }) => by === run.startedBy) ? [`I10: ${run.startedBy} started ${id} and decided`] : []),
      ...(run.approvedAt !== undefined && approvers.size < needed ? [`I10: ${approvers.size} approved ${id}`] : []),
    ];
  });

const hoursBefore = (at: string, hours: number): string => new Date(Date.parse(at) - hours * hourMs).toISOString();

/** I10: whoever decides on a run has been of finance for a day, and had changed no account for three when the decision was taken. */
export const cleanEyes: Oracle = ({ commits, items }) => {
  const granted = new Map(items.filter(({ sk }) => sk === 'user').map(({ pk, grantedAt }) => [pk, String(grantedAt)]));
  const changedAt = new Map<string, string>();
  return commits.flatMap((commit) => {
    for (const { sk, payee } of commit) {
      if (!sk.startsWith('payee#')) continue;
      const told = payee as { readonly changedBy: string; readonly changedAt: string };
      changedAt.set(told.changedBy, told.changedAt);
    }
    return eventsIn(commit)
      .filter(
        ({ type, subject, by }) => type.startsWith('approval.') && subject.startsWith('apr_run_') && by !== 'system',
      )
      .flatMap(({ subject, by, at }) => [
        ...((granted.get(by) ?? '~') > hoursBefore(at, 24) ? [`I10: ${by} decided ${subject} as a newcomer`] : []),
        ...((changedAt.get(by) ?? '') > hoursBefore(at, 72)
          ? [`I10: ${by} decided ${subject} and had just changed an account`]
          : []),
      ]);
  });
};

interface Figures {
  readonly earned: number;
  readonly takenBack: number;
  readonly takenBackForFraud: number;
  readonly broughtForward: number;
  readonly broughtTakenBack: number;
  readonly broughtForFraud: number;
}

const rightAmount = (figures: Figures): number => {
  const taken = figures.takenBack + figures.broughtTakenBack;
  const fraud = figures.takenBackForFraud + figures.broughtForFraud;
  const left = figures.earned + figures.broughtForward + figures.broughtTakenBack + figures.broughtForFraud - fraud;
  return Math.max(left - taken, Math.ceil(left / 2));
};

const minimum = 5_000;

/** I3: what a payout comes to; it is paid to an account that had been known for three days. */
export const paidAsDue: Oracle = ({ items }) =>
  ofKind({ items }, 'pay_').flatMap((payout) => {
    const { id, status, figures, amount, payeeVersion, partnerId } = payout;
    if (amount === undefined || status === 'open' || status === 'carried') return [];
    const frozen = (historiesIn(items).get(String(id)) ?? []).findLast(({ type }) => type === 'payout.frozen');
    const version = items.find(
      ({ pk, sk }) => pk === partnerId && sk === `payee#${String(payeeVersion).padStart(6, '0')}`,
    );
    const { changedAt = '~' } = (version?.payee ?? {}) as { readonly changedAt?: string };
    const heldUntil = Number.isNaN(Date.parse(changedAt))
      ? Number.POSITIVE_INFINITY
      : Date.parse(changedAt) + 72 * hourMs;
    const right = rightAmount(figures as Figures);
    return [
      ...(minor(amount) === right ? [] : [`I3: ${id} is ${minor(amount)}; right would be ${right}`]),
      ...(minor(amount) < minimum && payout.since === undefined ? [`I3: ${id} is less than is ever paid`] : []),
      ...(heldUntil > Date.parse(frozen?.at ?? '')
        ? [`I3: ${id} goes to an account that was changed just before`]
        : []),
    ];
  });

/** I10: what people say became of a payout is said by two. */
export const resolvedByTwo: Oracle = ({ items }) =>
  ofKind({ items }, 'pay_')
    .filter(({ provider }) => provider !== 'bank-file')
    .flatMap(({ id }) => {
      const events = historiesIn(items).get(String(id)) ?? [];
      return events.flatMap(({ type, by }, index): readonly string[] => {
        const isEnd = type === 'payout.paid' || type === 'payout.failed';
        if (!isEnd || by === 'system') return [];
        const before: StoredEvent | undefined = events[index - 1];
        return before?.type === 'payout.resolution_proposed' && before.by !== by
          ? []
          : [`I10: ${by} alone said that ${id} is ${type}`];
      });
    });

/** I4: Stripe was told once of each payout, of all of it, and what it has transferred is booked. */
export const transferredOnce: Oracle = ({ items, commits, transfers }) => {
  const payouts = entitiesIn(items);
  const failedAt = new Map<string, number>();
  for (const [index, commit] of commits.entries())
    for (const { type, subject } of eventsIn(commit)) if (type === 'payout.failed') failedAt.set(subject, index);
  const ours = transfers.filter(({ isForeign }) => !isForeign);
  return [...Map.groupBy(ours, ({ transfer }) => transfer.transfer_group ?? '')].flatMap(([reference, all]) => {
    const payout = payouts.get(reference);
    const wrong: string[] = [];
    if (all.length > 1) wrong.push(`was transferred ${all.length} times`);
    for (const { transfer, isLate } of all) {
      if (transfer.amount !== minor(payout?.amount)) wrong.push(`is ${minor(payout?.amount)}, not ${transfer.amount}`);
      // A request that comes when nobody waits for it any more is told to people by Stripe's event.
      const isOut = !transfer.reversed && !isLate;
      if (isOut && !['sent', 'unknown', 'paid'].includes(text(payout, 'status')))
        wrong.push(`was transferred and is ${payout?.status ?? 'not there'}`);
    }
    return wrong.map((what) => `I4: ${reference} ${what}`);
  });
};

/** I12: no run and no payout is stuck; while a run is under way, and no longer, no other one of its period begins. */
export const runsRest: Oracle = ({ items }) => {
  const payouts = ofKind({ items }, 'pay_');
  const runs = new Map(ofKind({ items }, 'run_').map((run) => [text(run, 'id'), run]));
  const locks = items.filter(({ pk, runId }) => pk === 'payouts' && runId !== undefined);
  const wrong: string[] = [];
  for (const [id, run] of runs) {
    const { status, handedOverAt, releasedAt, due } = run;
    const open = payouts.filter(({ runId, status: its }) => runId === id && (its === 'sent' || its === 'unknown'));
    const isOver = status === 'completed' || releasedAt !== undefined;
    const waits = status === 'awaiting_approval' || (status === 'paying' && handedOverAt !== undefined);
    if (!isOver && !waits) wrong.push(`${id} is ${status}`);
    if (status === 'paying' && open.length === 0) wrong.push(`${id} is paying, and nothing of it is open`);
    if (status === 'paying' && due === undefined) wrong.push(`nobody looks at ${id} any more`);
    if (isOver && open.length > 0) wrong.push(`${id} is over, and ${open.map((each) => each.id).join()} is not`);
    if (isOver === locks.some(({ runId }) => runId === id)) wrong.push(`the lock of ${id} (${status}) is wrong`);
  }
  for (const { id, status, runId } of payouts)
    if (status === 'pending' && runs.get(String(runId))?.status !== 'awaiting_approval')
      wrong.push(`${id} is pending, and ${runId} is ${runs.get(String(runId))?.status}`);
  return wrong.map((what) => `I12: ${what}`);
};
