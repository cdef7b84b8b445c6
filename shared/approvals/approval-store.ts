import type { Role } from '#shared/core/caller.ts';
import { notFound } from '#shared/core/errors.ts';
import { type Intent, record } from '#shared/core/history.ts';
import { shardOf } from '#shared/core/ids.ts';
import { absent, all, any, type Condition, contains, is, not, present } from '#shared/platform/condition.ts';
import { commit, type NextState, stale } from '#shared/platform/history-store.ts';
import { type ItemPage, listByStatus } from '#shared/platform/lists.ts';
import { type Item, read, transact, type Write } from '#shared/platform/table.ts';
import { Approval, type ApprovalKind, type ApprovalStatus, personalApprovalFields } from './approval.ts';
import { type Decider, decisionsOf, whyNot } from './decide-approval.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | get an approval | table | pk = approval id, sk = `approval` |
 * | the task that waits for its answer | table | pk = approval id, sk = `task` |
 * | inbox: open first, most overdue first | byStatus | `approvals#<shard>`, `0#<day>#<0 if first>#<deadline>#<id>` while open, then `1#<decided>#<id>` |
 * | until when decisions were looked through that were not followed up | table | pk = `recovery`, sk = `approvals` |
 * | approvals with something due | byDue | `due#<shard>`, `<instant>#<approval id>` |
 */
export const approvalKey = (approvalId: string) => ({ pk: approvalId, sk: 'approval' });
const taskKey = (approvalId: string) => ({ pk: approvalId, sk: 'task' });

/** By the day a decision is due; within a day the tiers that come first, then by the hour. */
const sortOf = ({ id, status, deadlineAt, first, updatedAt }: Approval): string =>
  status === 'open' ? `0#${deadlineAt.slice(0, 10)}#${first ? 0 : 1}#${deadlineAt}#${id}` : `1#${updatedAt}#${id}`;

const toItem = (approval: Approval): Item => {
  const deciders = decisionsOf(approval).map((decision) => decision.by);
  // The id is the key and stands there alone: every started kilobyte of an item is paid for at each write of it.
  const { id, ...stored } = approval;
  return {
    ...approvalKey(id),
    ...stored,
    statusKey: `approvals#${shardOf(id)}`,
    statusSort: sortOf(approval),
    summary: {
      kind: approval.kind,
      status: approval.status,
      requiredRole: approval.requiredRole,
      ...(approval.escalatedAt ? { escalateTo: approval.escalateTo } : {}),
    },
    ...(deciders.length > 0 ? { deciders } : {}),
    ...(approval.due ? { dueKey: `due#${shardOf(id)}`, dueAt: `${approval.due.at}#${id}` } : {}),
  };
};

const parse = (item: Item): Approval => Approval.parse({ ...item, id: item.pk });

export const approvalFrom = (item: Item | undefined): Approval | undefined => item && parse(item);

/** Throws `not_found`. */
export const getApproval = async (approvalId: string): Promise<Approval> => {
  const [item] = await read([approvalKey(approvalId)]);
  const approval = approvalFrom(item);
  if (!approval) throw notFound();
  return approval;
};

const happening = (approval: Approval, type: string, intent: Intent) => ({
  type,
  intent,
  personalFields: personalApprovalFields,
  partnerId: approval.partnerId,
});

/** Opens an approval once, however often it is asked for. */
export const insertApproval = async (approval: Approval, intent: Intent): Promise<void> => {
  const { entity, event } = record(undefined, approval, happening(approval, 'approval.opened', intent));
  const refuse = (): Error => new Error('An approval is there without its event.');
  await commit([event], [{ write: 'insert', item: toItem(entity), refuse }]);
};

const refuseDecision =
  (by: Decider | undefined) =>
  (image: Item | undefined): Error => {
    const now = approvalFrom(image);
    return (now && by && whyNot(now, by)) ?? stale(now?.version);
  };

const ifFourEyes = (by: Decider): Condition =>
  all(
    is('status', '=', 'open'),
    is('submittedBy', '<>', by.id),
    any(absent('deciders'), not(contains('deciders', by.id))),
    any(absent('barred'), not(contains('barred', by.id))),
    any(is('requiredRole', '=', by.role), all(present('escalatedAt'), is('escalateTo', '=', by.role))),
  );

/**
 * The writes of a change of an approval. With `by`, a person's decision, the write itself holds that it is open, that this person
 * neither submitted it nor decided on it before, and has the role.
 */
export const changeApproval = (
  before: Approval,
  after: Approval,
  about: { readonly type: string; readonly intent: Intent; readonly by?: Decider },
): NextState<Approval> => {
  const { entity, event } = record(before, after, happening(before, about.type, about.intent));
  const unchanged = is('version', '=', before.version);
  const write: Write = {
    write: 'replace',
    item: toItem(entity),
    when: about.by ? all(unchanged, ifFourEyes(about.by)) : all(unchanged, is('status', '=', 'open')),
    refuse: refuseDecision(about.by),
  };
  return { entity, event, writes: [write] };
};

export interface ApprovalPage {
  readonly approvals: readonly Approval[];
  readonly after: string | undefined;
}

/** Open first, most overdue first. `role` keeps those that this role decides; absent for all. */
export const listApprovals = async (list: {
  readonly status: ApprovalStatus | undefined;
  readonly kind: ApprovalKind | undefined;
  readonly role: Role | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}): Promise<ApprovalPage> => {
  const { status, kind, role } = list;
  const { items, after } = await listByStatus({
    noun: 'approvals',
    prefix: status === undefined ? '' : status === 'open' ? '0#' : '1#',
    keep: (summary) =>
      (status === undefined || summary.status === status) &&
      (kind === undefined || summary.kind === kind) &&
      (role === undefined || summary.requiredRole === role || summary.escalateTo === role),
    after: list.after,
    limit: list.limit,
  });
  return { approvals: items.map(parse), after };
};

/** The task of a workflow that waits for an approval to be decided. */
export interface Task {
  readonly token: string;
  /** Of the execution that waits. */
  readonly attempt: number;
  /** Of the step that asks; 0 unless given. A step that was thought dead may live on, with a token that is worth nothing any more. */
  readonly retry?: number;
  /** Everything that follows the decision is done. */
  readonly followedUp?: boolean;
  /** Tokens of earlier attempts, kept until an asking step has lived to release them; releasing twice does no harm. */
  readonly forsaken?: readonly string[];
}

const isAsRead = (before: Task | undefined): Condition =>
  before?.token === undefined ? absent('token') : is('token', '=', before.token);

const isLater = (one: Task, other: Task): boolean =>
  one.attempt > other.attempt || (one.attempt === other.attempt && (one.retry ?? 0) > (other.retry ?? 0));

const keepTries = 5;

/**
 * Keeps the token of the task that waits; a later attempt's takes the place of an earlier one's. Answers the tokens that nobody will
 * answer any more: those of the attempts that were replaced, or this one's where a later attempt, or a later try of this one, waits already.
 */
export const keepTask = async (approvalId: string, task: Task): Promise<readonly string[]> => {
  for (let left = keepTries; left > 0; left -= 1) {
    const before = await findTask(approvalId);
    if (before && isLater(before, task)) return [task.token];
    const replaced = before && before.attempt < task.attempt ? [before.token] : [];
    const forsaken = [...(before?.forsaken ?? []), ...replaced];
    const write: Write = {
      write: 'replace',
      item: { ...taskKey(approvalId), ...task, ...(forsaken.length > 0 ? { forsaken } : {}) },
      when: isAsRead(before),
      refuse: (image) => stale(image ? Number(image.attempt) : undefined),
    };
    if (!(await transact([write]))) return forsaken;
  }
  throw stale(undefined);
};

/**
 * Notes that everything is done which follows the decision. Not by an attempt that was replaced: the later one still waits, and
 * nobody would answer it any more. What it follows up is then marked by that one. `unasked`: whoever asked may have died before it
 * kept its task, and nobody asks again, as of a run that is decided.
 */
export const markFollowedUp = async (approvalId: string, attempt: number, unasked?: 'unasked'): Promise<void> => {
  const isItsOwn = is('attempt', '<=', attempt);
  await transact([
    {
      write: 'change',
      key: taskKey(approvalId),
      change: { set: { followedUp: true } },
      when: unasked ? any(absent('attempt'), isItsOwn) : isItsOwn,
      refuse: () => stale(undefined),
    },
  ]);
};

export const findTask = async (approvalId: string): Promise<Task | undefined> => {
  const [item] = await read([taskKey(approvalId)]);
  // keepTask and markFollowedUp are the only writers of it.
  return item as unknown as Task | undefined;
};

const decidedPerPage = 100;

/** Every approval decided since an instant, for the sweep that looks for what was not followed up. */
export const listDecidedSince = async (since: string): Promise<readonly Approval[]> => {
  const found: Approval[] = [];
  let after: string | undefined = `1#${since}`;
  do {
    const page: ItemPage = await listByStatus({ noun: 'approvals', prefix: '1#', after, limit: decidedPerPage });
    found.push(...page.items.map(parse));
    after = page.after;
  } while (after !== undefined);
  return found;
};

const recoveryKey = { pk: 'recovery', sk: 'approvals' };

/** The instant up to which a recovery has told every decision again that needed it; undefined before the first. */
export const findRecovered = async (): Promise<string | undefined> => {
  const [item] = await read([recoveryKey]);
  // noteRecovered is its only writer.
  return item?.until as string | undefined;
};

/** Runs that overlap leave the later instant. */
export const noteRecovered = async (until: string): Promise<void> => {
  await transact([
    {
      write: 'replace',
      item: { ...recoveryKey, kind: 'recovery', until },
      when: any(absent('until'), is('until', '<', until)),
      refuse: () => stale(undefined),
    },
  ]);
};
