import type { Role } from '#shared/core/caller.ts';
import { DomainError, isCode, notFound } from '#shared/core/errors.ts';
import { applyEvent, type Intent, record, systemIntent } from '#shared/core/history.ts';
import { derivedId, shardOf } from '#shared/core/ids.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { mustBeAdmitted } from '#shared/partners/partner-gate-store.ts';
import { absent, all, any, is } from '#shared/platform/condition.ts';
import {
  commit,
  insertNew,
  type NextState,
  ownFirstTry,
  replaceAsRead,
  type Saved,
} from '#shared/platform/history-store.ts';
import { type ItemPage, listByStatus } from '#shared/platform/lists.ts';
import { type Item, type Key, read, type Write } from '#shared/platform/table.ts';
import { belongingTo, listBelongings } from './belongings-store.ts';
import { type Grant, inviteUser, personalUserFields, User } from './user.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | get a user | table | pk = user id, sk = `user` |
 * | who has an e-mail address | table | pk = `email#<address>`, sk = `email` |
 * | list users by status, newest first | byStatus | `users#<shard>`, `<status>#<createdAt>#<user id>` |
 */
export const userKey = (userId: string): Key => ({ pk: userId, sk: 'user' });
const emailKey = (email: string): Key => ({ pk: `email#${email}`, sk: 'email' });

const toItem = (user: User): Item => ({
  ...userKey(user.id),
  kind: 'user',
  ...user,
  statusKey: `users#${shardOf(user.id)}`,
  statusSort: `${user.status}#${user.createdAt}#${user.id}`,
  summary: { status: user.status, role: user.role, ...(user.partnerId ? { partnerId: user.partnerId } : {}) },
});

export const findUser = async (userId: string): Promise<User | undefined> => {
  const [item] = await read([userKey(userId)]);
  return item && User.parse(item);
};

/** Throws `not_found`. */
export const getUser = async (userId: string): Promise<User> => {
  const user = await findUser(userId);
  if (!user) throw notFound();
  return user;
};

/** Whoever has an address now. */
export const findUserByEmail = async (email: string): Promise<User | undefined> => {
  const [item] = await read([emailKey(email)]);
  return item && item.free !== true ? findUser(String(item.userId)) : undefined;
};

export interface UserPage {
  readonly users: readonly User[];
  readonly after: string | undefined;
}

const page = ({ items, after }: ItemPage): UserPage => ({ users: items.map((item) => User.parse(item)), after });

/** Users of one partner, newest first, or of all, by status. */
export const listUsers = async (list: {
  readonly partnerId: string | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}): Promise<UserPage> => {
  const { partnerId, after, limit } = list;
  if (partnerId !== undefined) return page(await listBelongings('user', { partnerId, after, limit }));
  return page(await listByStatus({ noun: 'users', prefix: '', after, descending: true, limit }));
};

const mostStaff = 100;

/** Addresses of staff in a role, at most a hundred. */
export const listStaffEmails = async (role: Role): Promise<readonly string[]> => {
  const keep = (summary: Readonly<Record<string, unknown>>): boolean =>
    summary.role === role && summary.status !== 'deactivated';
  const { items } = await listByStatus({ noun: 'users', prefix: '', keep, limit: mostStaff });
  return items.map((item) => User.parse(item).email);
};

const takeEmail = (user: User): Write => ({
  write: 'change',
  key: emailKey(user.email),
  change: { set: { kind: 'email', userId: user.id, free: false } },
  when: any(absent('pk'), is('free', '=', true)),
  refuse: (image) =>
    new DomainError('conflict', 'user.email_taken', 'This address cannot be invited: it belongs to a user.', {
      facts: image?.userId === user.id ? { userId: user.id } : {},
    }),
});

const freeEmail = (user: User): Write => ({
  write: 'change',
  key: emailKey(user.email),
  change: { set: { free: true } },
  when: is('userId', '=', user.id),
  refuse: () => new Error('A user lost its address.'),
});

/** `finance` is granted by an administrator who is one now, in our own record, and not to another address of its own mailbox. */
const mustBeAnother = (granterId: string, user: User): Write => ({
  write: 'check',
  key: userKey(granterId),
  when: all(is('role', '=', 'admin'), is('status', '<>', 'deactivated'), is('mailbox', '<>', user.mailbox)),
  refuse: () => new DomainError('forbidden', 'auth.forbidden', 'Nobody makes themselves finance.'),
});

const happening = (user: User, type: string, intent: Intent) => ({
  type,
  intent,
  personalFields: personalUserFields,
  partnerId: user.partnerId,
});

const insert = async (user: User, intent: Intent, conditions: readonly Write[]): Promise<Saved<User>> => {
  const type = user.status === 'invited' ? 'user.invited' : 'user.activated';
  const { entity, event } = record(undefined, user, happening(user, type, intent));
  const inserted = [toItem(entity), ...(user.partnerId ? [belongingTo(user.partnerId, 'user', entity)] : [])];
  const writes = [...conditions, takeEmail(entity), ...inserted.map(insertNew)];
  const mine = { id: user.id, intent };
  const outcome = await commit([event], writes).catch((error: unknown) => ownFirstTry(error, 'userId', mine));
  return {
    replayed: outcome.replayed,
    entity: outcome.replayed ? applyEvent(undefined, outcome.event, entity) : entity,
  };
};

/**
 * Invites in one request whatever comes out. Throws `user.email_taken`, `not_found` where the partner is not admitted,
 * `auth.forbidden` for whoever grants itself `finance`, `idempotency.*`.
 */
export const insertUser = (user: User, intent: Intent): Promise<Saved<User>> =>
  insert(user, intent, [
    ...(user.partnerId ? [mustBeAdmitted(user.partnerId)] : []),
    ...(user.role === 'finance' ? [mustBeAnother(user.grantedBy, user)] : []),
  ]);

/** Nothing when the address belongs to a user already: then a person has to invite somebody else. */
const unlessTaken = (error: unknown): undefined => {
  if (isCode(error, 'user.email_taken')) return undefined;
  throw error;
};

/**
 * Invites an approved partner's first contact as its administrator, once however often it is asked. Answers the user who has the
 * address, undefined when that is somebody who does not belong to this partner.
 */
export const inviteFirstContact = async (partner: Partner, at: string): Promise<User | undefined> => {
  const [contact] = partner.contacts;
  if (!contact) return undefined;
  const id = derivedId('usr', 'first-contact', partner.id);
  const grant = { email: contact.email, role: 'partner_admin', partnerId: partner.id } as const;
  const user = inviteUser(grant, { id, now: at, by: 'system' });
  const saved = await insertUser(user, systemIntent('first-contact', partner.id, at)).catch(unlessTaken);
  if (saved) return saved.entity;
  const holder = await findUserByEmail(contact.email);
  return holder?.partnerId === partner.id ? holder : undefined;
};

/**
 * On the laptop: the record of whoever asks for a token. Answers the one that has this id or, where there is none, the one that has
 * this address; makes an active one otherwise, whether or not there is such a partner.
 */
export const ensureUser = async (person: Grant & { id: string; email: string; now: string }): Promise<User> => {
  const email = person.email.toLowerCase();
  const known = (await findUser(person.id)) ?? (await findUserByEmail(email));
  if (known) return known;
  const user = inviteUser({ ...person, email }, { id: person.id, now: person.now, by: 'system' });
  const intent = systemIntent('ensure-user', person.id, person.now);
  const saved = await insert({ ...user, status: 'active' }, intent, []).catch(unlessTaken);
  return saved?.entity ?? (await findUserByEmail(email)) ?? getUser(person.id);
};

/** Whoever is deactivated gives the address back, so that it can be invited anew. */
export const changeUser = (
  before: User,
  after: User,
  about: { readonly type: string; readonly intent: Intent },
): NextState<User> => {
  const { entity, event } = record(before, after, happening(before, about.type, about.intent));
  const leaves = before.status !== 'deactivated' && after.status === 'deactivated';
  return { entity, event, writes: [replaceAsRead(before, toItem(entity)), ...(leaves ? [freeEmail(before)] : [])] };
};
