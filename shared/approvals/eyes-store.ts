import type { Role } from '#shared/core/caller.ts';
import { DomainError } from '#shared/core/errors.ts';
import { addHours } from '#shared/core/time.ts';
import { payeeChangeKey } from '#shared/payouts/payee-store.ts';
import { absent, all, any, is } from '#shared/platform/condition.ts';
import type { Write } from '#shared/platform/table.ts';
import type { Program } from '#shared/program/program.ts';
import { userKey } from '#shared/users/user-store.ts';
import type { ApprovalKind } from './approval.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | whether somebody has had a role for long enough | table | the key of a user |
 * | when somebody last changed how a partner is paid | table | pk = user id, sk = `payee-change` |
 */
const hoursOfRole = 24;

const forbidden = (message: string): DomainError => new DomainError('forbidden', 'auth.forbidden', message);

/**
 * What must hold of whoever decides about money that leaves, asked in the decision's own write, whatever its authorizer remembers: the
 * role was granted a day ago at least, and this person changed nobody's payment details for as long as nothing is paid after such a
 * change.
 */
export const mustHaveCleanEyes = (
  kind: ApprovalKind,
  by: { readonly id: string; readonly role: Role },
  { now, payouts }: { readonly now: string } & Pick<Program, 'payouts'>,
): readonly Write[] => {
  if (kind !== 'payout_run') return [];
  const { payeeChangeHoldHours } = payouts;
  const hoursAgo = (hours: number): string => addHours(now, -hours);
  return [
    {
      write: 'check',
      key: userKey(by.id),
      when: all(
        is('role', '=', by.role),
        is('status', '<>', 'deactivated'),
        is('grantedAt', '<=', hoursAgo(hoursOfRole)),
      ),
      refuse: () => forbidden(`A role that was granted less than ${hoursOfRole} hours ago does not approve payouts.`),
    },
    {
      write: 'check',
      key: payeeChangeKey(by.id),
      when: any(absent('at'), is('at', '<=', hoursAgo(payeeChangeHoldHours))),
      refuse: () =>
        forbidden(`Who changed payment details does not approve payouts for ${payeeChangeHoldHours} hours after.`),
    },
  ];
};
