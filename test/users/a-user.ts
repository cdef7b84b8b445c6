import { handler } from '#functions/users/door.ts';
import type { Caller } from '#shared/core/caller.ts';
import { ensureUser } from '#shared/users/user-store.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { commitGate } from '#test/support/gates.ts';

export const now = '2026-07-01T12:00:00.000Z';

let serial = 0;
export const next = (): number => {
  serial += 1;
  return serial;
};
export const freshEmail = (): string => `person-${next()}@acme.example`;
export const freshPartner = (): Promise<string> => commitGate(`ptr_${next()}`);

/** An administrator of the program, with a record of her own. */
export const root: Caller = { kind: 'user', id: 'usr_root', role: 'admin' };
export const makeRoot = () => ensureUser({ id: root.id, email: 'root@tandem.example', role: 'admin', now });

export const ask = (call: Omit<Call, 'at'> & { readonly at?: string }): Promise<Reply> =>
  send(handler, { at: now, ...call });

export const invite = (caller: Caller, body: unknown, more: Partial<Call> = {}): Promise<Reply> =>
  ask({ operation: 'invite-user', caller, body, ...more });

export const deactivate = (caller: Caller, userId: unknown, more: Partial<Call> = {}): Promise<Reply> =>
  ask({ operation: 'deactivate-user', caller, params: { userId: String(userId) }, ...more });

export const list = (caller: Caller, query: Record<string, string> = {}): Promise<Reply> =>
  ask({ operation: 'list-users', caller, query });

export const emailsOf = ({ body }: Reply): string[] => (body.data as { email: string }[]).map(({ email }) => email);
