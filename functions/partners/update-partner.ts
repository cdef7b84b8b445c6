import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { byStaff } from '#shared/core/caller.ts';
import { DomainError } from '#shared/core/errors.ts';
import type { Partner } from '#shared/partners/partner.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { addressesBefore, updatePartner as update } from '#shared/partners/partner-life.ts';
import { nextPayee, type PayeeInput } from '#shared/payouts/payee-input.ts';
import { sealPayee } from '#shared/payouts/payee-secrets-store.ts';
import type { PayeeChange } from '#shared/payouts/payee-store.ts';
import { changeOwnPartner } from './change-own-partner.ts';

const ownFields = ['contacts', 'address', 'payee', 'repPayments'];
const staffFields = ['ownerId', 'region', 'tier', 'tierUntil', 'reason', 'targets', 'agreedIncentives'];

const mustBeAllowed = (body: object, allowed: readonly string[]): void => {
  const errors = Object.keys(body)
    .filter((name) => !allowed.includes(name))
    .map((name) => ({ pointer: `#/${name}`, code: 'auth.forbidden', detail: 'is changed by others than you' }));
  if (errors.length === 0) return;
  const names = errors.map(({ pointer }) => pointer.slice(2)).join(', ');
  throw new DomainError('forbidden', 'auth.forbidden', `You may not change ${names}.`, { errors });
};

/** Who is told are the addresses known before: whoever takes over an account changes them first. */
const payeeChangeOf = (
  input: PayeeInput,
  { before, after, at, by }: { before: Partner; after: Partner; at: string; by: string },
): PayeeChange => {
  const { payee, secrets } = nextPayee(input, { version: after.payeeVersion ?? 1, at, by });
  return {
    partnerId: after.id,
    payee,
    sealed: sealPayee(after.id, payee.version, secrets),
    tell: addressesBefore(before, at),
  };
};

/** PATCH /v1/partners/{partnerId}: its administrator changes what is its own, staff what is the program's. */
export const updatePartner = operation(contracts.updatePartner, async (request) => {
  const { payee, ...changes } = request.body;
  mustReach('update-partner', request.caller, request.params.partnerId);
  mustBeAllowed(request.body, byStaff(request.caller) ? staffFields : ownFields);
  const { now, caller } = request;
  return changeOwnPartner(request, {
    operation: 'update-partner',
    type: ({ tier }, after) =>
      payee ? 'partner.payee_changed' : after.tier === tier ? 'partner.updated' : 'partner.tier_changed',
    decide: (partner, program) => {
      const changed = update(partner, changes, { program, now, by: caller.id });
      return payee ? { ...changed, payeeVersion: (partner.payeeVersion ?? 0) + 1 } : changed;
    },
    ...(payee ? { payee: (before, after) => payeeChangeOf(payee, { before, after, at: now, by: caller.id }) } : {}),
  });
});
