import type { Caller, Role } from '#shared/core/caller.ts';

const user = (role: Role, id: string, partnerId?: string): Caller => ({
  kind: 'user',
  id,
  role,
  ...(partnerId ? { partnerId } : {}),
});

export const repOf = (partnerId: string): Caller => user('partner_member', `usr_rep_${partnerId}`, partnerId);
export const adminOf = (partnerId: string): Caller => user('partner_admin', `usr_admin_${partnerId}`, partnerId);
export const manager = user('partner_manager', 'usr_manager');
export const otherManager = user('partner_manager', 'usr_other_manager');
export const finance = user('finance', 'usr_finance');
export const otherFinance = user('finance', 'usr_other_finance');
export const admin = user('admin', 'usr_admin');
