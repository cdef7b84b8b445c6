import type { StoredEvent } from '#shared/core/history.ts';
import { admin, finance, manager, otherFinance, otherManager } from '#test/support/people.ts';
import type { Recording, StoredItem } from './recording.ts';

/**
 * What must hold after every history (QUALITY, *Invariants*), each as a pure function from a recording to what is wrong with it, in
 * words. They know the rules by themselves and take as little as they can from the code they judge.
 */
export type Oracle = (recording: Recording) => readonly string[];

export const eventsIn = (items: readonly StoredItem[]): readonly StoredEvent[] =>
  items
    .filter(({ sk }) => sk.startsWith('event#'))
    // What stands under `event#` is an event, with the table's own attributes beside it; its chain is checked by `brokenLink`.
    .map(({ pk: _pk, sk: _sk, kind: _kind, ...event }) => event as unknown as StoredEvent);

/** A fact that was told, or a batch of them, is its event and nothing else. */
export const isToldFact = (subject: string): boolean => /^fc[tb]_/.test(subject);

/** Events of each subject in their order. */
export const historiesIn = (items: readonly StoredItem[]): ReadonlyMap<string, readonly StoredEvent[]> =>
  Map.groupBy(
    eventsIn(items).toSorted((a, b) => a.seq - b.seq),
    (event) => event.subject,
  );

const nouns = [
  'deal',
  'partner',
  'approval',
  'user',
  'budget',
  'request',
  'claim',
  'document',
  'run',
  'health',
  'assessment',
  'plan',
  'review',
];

/** What has a history, by its id; a known account stands inside its customer. */
export const entitiesIn = (items: readonly StoredItem[]): ReadonlyMap<string, StoredItem> =>
  new Map(
    items.flatMap((item): [string, StoredItem][] => {
      // What is left of a rule's budget has no history of its own.
      if (nouns.includes(item.sk) && item.version !== undefined) return [[item.pk, { id: item.pk, ...item }]];
      // An earning stands with its partner.
      if (item.sk.startsWith('earning#')) return [[String(item.id), item]];
      // So does a payout, which has a history from its freeze on.
      if (item.sk.startsWith('statement#') && item.version !== undefined) return [[String(item.id), item]];
      const known = item.sk === 'customer' ? (item.known as StoredItem | undefined) : undefined;
      return known ? [[String(known.id), known]] : [];
    }),
  );

const text = (item: StoredItem | undefined, name: string): string => String(item?.[name] ?? '');

const isLiveAt = (deal: StoredItem, at: string): boolean =>
  text(deal, 'createdAt') <= at &&
  (deal.status === 'submitted' ||
    (deal.status === 'returned' && text(deal, 'returnedUntil') > at) ||
    (deal.status === 'approved' && text(deal, 'protectedUntil') > at));

/** I5: at most one live registration of a customer and product line, looked at whenever one of them changed. */
export const oneLiveRegistration: Oracle = ({ commits }) => {
  const deals = new Map<string, StoredItem>();
  return commits.flatMap((commit) =>
    commit
      .filter(({ sk }) => sk === 'deal')
      .flatMap((deal) => {
        deals.set(deal.pk, deal);
        const at = text(deal, 'updatedAt');
        const about = ({ customer, productLine }: StoredItem): string =>
          `${(customer as { domain: string }).domain} ${productLine}`;
        const live = [...deals.values()].filter((other) => about(other) === about(deal) && isLiveAt(other, at));
        return live.length > 1
          ? [`I5: ${about(deal)} is held at ${at} by ${live.map(({ pk }) => pk).join(' and ')}`]
          : [];
      }),
  );
};

/** API.md *Lifecycles*, written out again; the empty status stands before the first event. */
const allowed: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  deal: {
    '': ['submitted', 'approved'],
    submitted: ['approved', 'rejected', 'returned', 'withdrawn'],
    returned: ['submitted', 'withdrawn', 'expired'],
    approved: ['won', 'lost', 'expired', 'withdrawn', 'superseded'],
  },
  ptr: {
    '': ['applied', 'approved'],
    applied: ['approved', 'rejected', 'returned'],
    returned: ['applied', 'lapsed'],
    approved: ['active', 'lapsed'],
    active: ['suspended', 'terminated'],
    suspended: ['active', 'terminated'],
  },
  apr: { '': ['open'], open: ['approved', 'rejected', 'returned', 'cancelled'] },
  usr: { '': ['invited', 'active'], invited: ['active', 'deactivated'], active: ['deactivated'] },
  acc: { '': ['known'] },
  ern: {
    // What pays at once, and what a used-up budget does not pay at all, never waits.
    '': ['pending', 'submitted', 'on_hold', 'reversed'],
    pending: ['on_hold', 'reversed'],
    on_hold: ['reversed', 'paid'],
    submitted: ['on_hold', 'rejected'],
  },
  bud: { '': ['open'], open: ['expired'] },
  mdr: {
    '': ['submitted'],
    submitted: ['approved', 'rejected', 'returned', 'withdrawn'],
    returned: ['submitted', 'withdrawn', 'expired'],
    approved: ['completed', 'expired'],
  },
  clm: {
    '': ['submitted'],
    submitted: ['approved', 'partially_approved', 'rejected', 'returned'],
    returned: ['submitted', 'expired'],
    partially_approved: ['approved', 'partially_approved'],
    rejected: ['approved', 'partially_approved'],
  },
  run: {
    '': ['collecting'],
    collecting: ['awaiting_approval', 'completed'],
    awaiting_approval: ['approved', 'rejected'],
    approved: ['paying'],
    paying: ['completed'],
  },
  pay: {
    '': ['pending', 'carried'],
    open: ['pending', 'carried'],
    // A rejected run opens it again.
    pending: ['open', 'sent', 'failed', 'unknown'],
    sent: ['paid', 'failed', 'unknown'],
    unknown: ['paid', 'failed'],
    paid: ['failed'],
  },
  doc: { '': ['expected'], expected: ['verified', 'rejected'] },
  scr: { '': ['running'], running: ['completed'] },
  hlt: { '': ['scored'], scored: ['corrected'] },
  asm: { '': ['assessed'] },
  spl: { '': ['proposed'], proposed: ['accepted'], accepted: ['proposed'] },
  qrv: { '': ['published'] },
  fct: { '': ['reported'] },
  fcb: { '': ['reported'] },
};

/** I6: statuses move only along the lifecycle. */
export const alongTheLifecycle: Oracle = ({ items }) =>
  [...historiesIn(items)].flatMap(([subject, events]) => {
    let status = '';
    return events.flatMap((event) => {
      const next = event.changes.status;
      if (next === undefined) return [];
      const from = status;
      status = String(next);
      const fine = allowed[subject.split('_')[0] ?? '']?.[from]?.includes(status);
      return fine ? [] : [`I6: ${subject} went from ${from || 'nothing'} to ${status} in event ${event.seq}`];
    });
  });

const isDone = (status: number): boolean => status >= 200 && status < 300;

const changing =
  /^(register|update|extend|resubmit|close|withdraw|attribute|decide|apply|accept|suspend|reinstate|record|pay|refund|allocate|submit|dispute|claw|start|resolve|answer|invite|assess|publish|appeal|propose)-/;

const tryOf = (caller: { readonly kind: string; readonly id: string }): string =>
  caller.kind === 'anonymous' ? 'applicant' : caller.id;

/** I7: what was acknowledged is there, what is there was attempted, and what was repeated is there once. */
export const acknowledgedIsThere: Oracle = ({ calls, items, commits }) => {
  const started = new Set(eventsIn(commits[0] ?? []).map((event) => event.writeId));
  const events = eventsIn(items).filter((event) => event.by !== 'system' && !started.has(event.writeId));
  const attempts = new Map(calls.map((call) => [`${tryOf(call.caller)} ${call.at}`, call]));
  const callOf = (event: StoredEvent) => attempts.get(`${event.by} ${event.at}`);
  const written = Map.groupBy(events, (event) => callOf(event)?.key ?? '');
  // What a bank says is followed payment by payment; a repeat goes on where the first try died. Of facts that are told a repeat judges
  // anew what was refused: what was to come then may have come.
  const acted = Map.groupBy(events, (event) => {
    const { key = '', operation } = callOf(event) ?? {};
    return /^(answer-payout-run|report-facts)$/.test(operation ?? '') ? `${key} on ${event.subject}` : key;
  });
  const lost = calls.flatMap(({ operation, key = '', reply, at }) => {
    if (!reply || !isDone(reply.status) || !changing.test(operation)) return [];
    const mine = written.get(key) ?? [];
    const said = mine.some((event) => event.seq === reply.version && (reply.replayed || event.at === at));
    return said
      ? []
      : [`I7: ${operation} at ${at} (${key}) was answered with version ${reply.version}, which is not there`];
  });
  const unasked = events
    .filter((event) => !callOf(event))
    .map((event) => `I7: nobody asked for ${event.type} of ${event.subject} at ${event.at}`);
  const twice = [...acted].flatMap(([key, mine]) =>
    new Set(mine.map((event) => event.at)).size > 1
      ? [`I7: ${key} acted ${mine.length} times: ${mine.map((event) => `${event.type} ${event.at}`).join(', ')}`]
      : [],
  );
  return [...lost, ...unasked, ...twice];
};

/** Still under way; or another holds by now what I had, and the engine named that alone: telling them apart would take a read each. */
const unsure = ['idempotency.in_flight', 'deal.conflict', 'deal.cooling_off'];

/** I7: whoever repeats what has been done already is told so, and not that it cannot be done. */
export const nothingDoneIsRefused: Oracle = ({ calls, commits }) => {
  const doneAt = new Map(
    commits.flatMap((commit, at) => eventsIn(commit).map((event): [string, number] => [`${event.by} ${event.at}`, at])),
  );
  const keysDone = new Map(
    calls.flatMap(({ caller, at, key = '' }): [string, number][] => {
      const done = doneAt.get(`${tryOf(caller)} ${at}`);
      return done === undefined ? [] : [[key, done]];
    }),
  );
  return calls.flatMap(({ operation, key = '', at, begunAfter, reply }) => {
    const done = keysDone.get(key);
    if (done === undefined || done > begunAfter || !reply || !changing.test(operation)) return [];
    const { status, body } = reply;
    if (status < 400 || status >= 500 || unsure.includes(String(body.code))) return [];
    return [`I7: ${operation} at ${at} (${key}) was refused with ${body.code}, and had been done`];
  });
};

/** I10: nobody decides on what they submitted, and two decisions come from two people of the right role. */
export const fourEyes: Oracle = ({ items, calls }) => {
  const people = [manager, otherManager, finance, otherFinance, admin, ...calls.map(({ caller }) => caller)];
  const roles = Map.groupBy(people, ({ id }) => id);
  const had = (by: string, role: unknown): boolean =>
    (roles.get(by) ?? []).some((caller) => caller.kind !== 'anonymous' && caller.role === role);
  return [...entitiesIn(items).values()]
    .filter(({ sk }) => sk === 'approval')
    .flatMap((approval) => {
      const steps = approval.steps as {
        readonly needed: number;
        readonly role: string;
        readonly decisions: { by: string; outcome: string }[];
      }[];
      const decisions = steps.flatMap((step) => step.decisions);
      const deciders = decisions.map(({ by }) => by).filter((by) => by !== 'system');
      const submitter = (approval.subject as { id: string }).id;
      const authors = [...submittersOf(items, submitter, approval), ...barredFrom(items, submitter, approval)];
      const wrong: string[] = [];
      if (new Set(deciders).size !== deciders.length) wrong.push('one person decided twice');
      if (deciders.some((by) => authors.includes(by)))
        wrong.push('its submitter decided, or who decided what is disputed');
      for (const { decisions: given, needed, role } of steps) {
        const enough = given.length >= needed && given.every(({ outcome }) => outcome === 'approve');
        // Lateness decides alone, however many people it would have taken.
        const late = given.some(({ by }) => by === 'system');
        if (approval.status === 'approved' && !enough && !late) wrong.push('it is approved by too few');
        const able = given.every(
          ({ by }) =>
            by === 'system' || had(by, role) || (approval.escalatedAt !== undefined && had(by, approval.escalateTo)),
        );
        if (!able) wrong.push('somebody of another role decided');
      }
      return wrong.map((what) => `I10: ${approval.pk}: ${what}`);
    });
};

/** Who decided on a claim may not answer its dispute. */
const barredFrom = (items: readonly StoredItem[], subjectId: string, approval: StoredItem): readonly string[] => {
  const isDispute = (historiesIn(items).get(subjectId) ?? []).some(
    ({ type, changes }) =>
      type === 'mdf_claim.disputed' &&
      (changes.awaits as { approvalId?: string } | undefined)?.approvalId === approval.pk,
  );
  // Who only asked for more has not decided.
  const earlier = items.filter(
    ({ pk, sk, status }) =>
      sk === 'approval' && pk !== approval.pk && pk.includes(subjectId) && /^(approved|rejected)$/.test(String(status)),
  );
  return isDispute
    ? earlier.flatMap((each) =>
        (each.steps as { readonly decisions: { by: string }[] }[]).flatMap(({ decisions }) =>
          decisions.map(({ by }) => by),
        ),
      )
    : [];
};

/** Whoever made the subject wait for this approval, by the subject's own history. */
const submittersOf = (items: readonly StoredItem[], subjectId: string, approval: StoredItem): readonly string[] =>
  (historiesIn(items).get(subjectId) ?? [])
    .filter((event) => (event.changes.awaits as { approvalId?: string } | null | undefined)?.approvalId === approval.pk)
    .filter((event) => event.by !== 'system')
    .map((event) => event.by);
