import { applyEvent, brokenLink, type StoredEvent, type Tracked } from '#shared/core/history.ts';
import { balancesOfFunds } from '#test/support/kept-balances.ts';
import { entitiesIn, eventsIn, historiesIn, isToldFact, type Oracle } from './oracles.ts';
import type { StoredItem } from './recording.ts';

const bookkeeping = new Set<string>([
  'pk',
  'sk',
  'kind',
  'statusKey',
  'statusSort',
  'summary',
  'dueKey',
  'dueAt',
  'doneKeys',
  'deciders',
  // The oracles of money know them.
  ...balancesOfFunds,
  'heldUntil',
  'claims',
  'deals',
  // So does what accrues on a statement.
  'amountDue',
  'earned',
  'takenBack',
  'takenBackForFraud',
  'earnings',
  'broughtForward',
  'broughtTakenBack',
  'broughtForFraud',
  'since',
]);

/** What of an entity its events tell. */
const toldOf = (entity: StoredItem, personal: ReadonlySet<string>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(entity)
      .filter(([name]) => !bookkeeping.has(name) && !personal.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** I8: every change has one event; events are a chain without gaps; the entity is what they tell, and its head is the last. */
export const oneEventForEachChange: Oracle = ({ items, commits }) => {
  const histories = historiesIn(items);
  const entities = entitiesIn(items);
  const chains = [...histories].flatMap(([subject, events]) => {
    const broken = brokenLink(events);
    if (broken) return [`I8: ${broken}`];
    if (isToldFact(subject)) return [];
    const entity = entities.get(subject);
    if (!entity) return [`I8: ${subject} has events and is not there`];
    if (entity.version !== events.length || entity.head !== events.at(-1)?.hash)
      return [`I8: ${subject} is at version ${entity.version}, its events at ${events.length}`];
    const personal = new Set(events.flatMap((event) => event.personal));
    const folded = events.reduce<Tracked | undefined>(
      (state, event) => applyEvent(state, event, entity as unknown as Tracked),
      undefined,
    );
    const same = sorted(toldOf(folded as unknown as StoredItem, personal)) === sorted(toldOf(entity, personal));
    return same ? [] : [`I8: ${subject} is not what its events tell`];
  });
  const mute = [...entities.keys()].filter((id) => !histories.has(id)).map((id) => `I8: ${id} has no event`);
  const told = new Set<string>();
  const untold = commits.flatMap((commit) => {
    for (const { subject, seq } of eventsIn(commit)) told.add(`${subject} ${seq}`);
    return [...entitiesIn(commit)]
      .filter(([id, { version }]) => !told.has(`${id} ${version}`))
      .map(([id, { version }]) => `I8: version ${version} of ${id} was written without its event`);
  });
  return [...chains, ...mute, ...untold];
};

const open = ['submitted', 'returned', 'approved'];

/** I2, as far as there is money yet: a partner's count of open registrations is the number of them. */
export const gatesCount: Oracle = ({ items }) => {
  const deals = [...entitiesIn(items).values()].filter(
    ({ sk, status }) => sk === 'deal' && open.includes(String(status)),
  );
  return items
    .filter(({ sk }) => sk === 'gate')
    .flatMap(({ pk, openDeals = 0 }) => {
      const count = deals.filter((deal) => deal.partnerId === pk).length;
      return count === openDeals ? [] : [`I2: the gate of ${pk} counts ${openDeals} of ${count} open deals`];
    });
};

/** Types of events about which somebody is written to. */
const mailed =
  /^(partner\.(applied|approved|returned|rejected|activated|lapsed|suspended|reinstated)|deal\.(approved|rejected|returned|warned|expired|close_refused)|mdf_request\.(approved|rejected|returned|expired)|mdf_claim\.(approved|partially_approved|rejected|returned|expired|dispute_refused|clawed_back)|payout\.(paid|failed)|partner\.payee_changed)$/;

const noteOf = ({ subject, seq }: StoredEvent): string =>
  `mail#${String(seq).padStart(8, '0')}`.replace(/^/, `${subject}\n`);

/** I9: each event has each of its effects once, in order. */
export const effectsOnce: Oracle = ({ items, commits, mails, excuses, signIns, notFollowed }) => {
  const before = new Set(eventsIn(commits[0] ?? []).map((event) => event.hash));
  const events = eventsIn(items).filter((event) => !before.has(event.hash));
  const sent = Map.groupBy(mails, ({ about }) => about);
  const wrong: string[] = notFollowed.map((event) => `I9: ${event} was not followed`);
  for (const event of events.filter(({ type }) => mailed.test(type))) {
    if (!sent.has(noteOf(event))) wrong.push(`I9: nobody was told of ${event.type} ${event.seq} of ${event.subject}`);
  }
  for (const [about, copies] of sent) {
    if (copies.length > 1 + (excuses.get(about) ?? 0))
      wrong.push(`I9: ${about.replace('\n', ' ')} went out ${copies.length} times`);
    const [pk, sk] = about.split('\n');
    if (!items.some((item) => item.pk === pk && item.sk === sk))
      wrong.push(`I9: ${pk} ${sk} went out and was not noted`);
  }
  for (const [subject, copies] of Map.groupBy(sent.keys(), (about) => about.split('\n')[0])) {
    if (copies.some((about, at) => about < (copies[at - 1] ?? '')))
      wrong.push(`I9: mails about ${subject} went out of order`);
  }
  for (const { type, subject } of events) {
    if (type === 'user.invited' && !signIns.has(subject)) wrong.push(`I9: ${subject} has no sign-in`);
  }
  return [...wrong, ...approvedPartners(items), ...productive(items)];
};

/** Who was approved was invited, or a person has to look at it. */
const approvedPartners = (items: readonly StoredItem[]): readonly string[] =>
  [...entitiesIn(items).values()]
    .filter(
      ({ sk, agreement, needsAttention }) =>
        sk === 'partner' && agreement !== undefined && needsAttention === undefined,
    )
    .filter(({ id }) => !items.some((item) => item.sk === 'user' && item.partnerId === id))
    .map(({ id }) => `I9: ${id} was approved and nobody invited`);

/** A partner's first approved deal is noted once. */
const productive = (items: readonly StoredItem[]): readonly string[] => {
  const histories = historiesIn(items);
  const first = [...histories.values()].flat().filter((event) => event.type === 'deal.approved');
  return [...new Set(first.map((event) => event.partnerId ?? ''))].flatMap((partnerId) => {
    const noted = (histories.get(partnerId) ?? []).filter((event) => event.type === 'partner.became_productive');
    return noted.length === 1 ? [] : [`I9: ${partnerId} became productive ${noted.length} times`];
  });
};

/** I12: nothing is stuck: every subject rests, waits for a person who can find it, or asks for attention. */
export const nothingStuck: Oracle = ({ items, unfinished, end }) => {
  const entities = entitiesIn(items);
  const tasks = new Map(items.filter(({ sk }) => sk === 'task').map((task) => [task.pk, task]));
  const wrong: string[] = [];
  for (const entity of entities.values()) {
    const { id, awaits, needsAttention, due, status, sk } = entity;
    const approvalId = (awaits as { approvalId?: string } | undefined)?.approvalId;
    if (approvalId && entities.get(approvalId)?.status !== 'open' && needsAttention === undefined)
      wrong.push(`I12: ${id} waits for ${approvalId}, which is ${entities.get(approvalId)?.status ?? 'not there'}`);
    const dueAt = (due as { at?: string } | undefined)?.at;
    if (dueAt !== undefined && dueAt <= end && needsAttention === undefined)
      wrong.push(`I12: ${id} (${status}) was due at ${dueAt}`);
    if (sk === 'approval') wrong.push(...stuckApproval(entity, { entities, tasks }));
    // Funds keep what is due of them in their keys only.
    const [listedAt] = String(entity.dueAt ?? '').split('#');
    if (due === undefined && listedAt && listedAt <= end && needsAttention === undefined)
      wrong.push(`I12: ${id} (${status}) was due at ${listedAt}`);
  }
  for (const { name, approvalId, state } of unfinished) {
    const approval = entities.get(approvalId);
    if (approval?.status !== 'open')
      wrong.push(`I12: ${name} is at ${state}, its approval ${approval?.status ?? 'not there'}`);
  }
  return wrong;
};

type ById = ReadonlyMap<string, StoredItem>;

/** A table of a load has thousands of approvals, so what belongs to one is looked up. */
const stuckApproval = (
  approval: StoredItem,
  { entities, tasks }: { readonly entities: ById; readonly tasks: ById },
): readonly string[] => {
  const { pk, status, subject } = approval;
  const subjectId = (subject as { id: string }).id;
  const about = entities.get(subjectId);
  if (status === 'open') {
    const awaited = (about?.awaits as { approvalId?: string } | undefined)?.approvalId;
    return awaited === pk ? [] : [`I12: ${pk} is open and nobody waits for it`];
  }
  const task = tasks.get(pk);
  const told = task?.followedUp === true || about?.needsAttention !== undefined;
  return told ? [] : [`I12: ${pk} is ${status} and was not followed up`];
};

/** An approval's execution is named after it and a number; a run's after the run. */
const approvalOf = (execution: string): string => execution.replace(/-\d+$/, '');

/** I9: what needs nobody starts no workflow: an automatic approval is no state transition. */
export const onlyWhatWaitsIsAsked: Oracle = ({ items, started }) => {
  const awaited = new Set(
    eventsIn(items).map(({ changes }) => (changes.awaits as { approvalId?: string } | null | undefined)?.approvalId),
  );
  const runs = new Set([...entitiesIn(items).keys()].filter((id) => /^(run|scr)_/.test(id)));
  return started
    .filter((name) => !awaited.has(approvalOf(name)) && !runs.has(approvalOf(name)))
    .map((name) => `I9: ${name} was started for what nobody decides on`);
};

const bySchedule = /^(deal\.(warned|expired)|partner\.lapsed|approval\.(reminded|escalated))$/;

/** I9: nothing that is due happens before its time, whatever an index says. */
export const inTime: Oracle = ({ items }) =>
  [...historiesIn(items).values()].flatMap((events) => {
    let dueAt = '';
    return events.flatMap(({ changes, type, subject, at }) => {
      const early = bySchedule.test(type) && at < dueAt;
      const before = dueAt;
      if ('due' in changes) dueAt = (changes.due as { at?: string } | null)?.at ?? '';
      return early ? [`I9: ${type} of ${subject} came at ${at}, and was due at ${before}`] : [];
    });
  });
