import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { byStaff } from '#shared/core/caller.ts';
import { DomainError } from '#shared/core/errors.ts';
import * as contracts from '#shared/partners/partner-contract.ts';
import { updatePartner as update } from '#shared/partners/partner-life.ts';
import { changeOwnPartner } from './change-own-partner.ts';

const ownFields = ['contacts', 'address', 'payee', 'repPayments'];
const staffFields = ['ownerId', 'region', 'tier', 'reason', 'targets', 'agreedIncentives'];

const mustBeAllowed = (body: object, allowed: readonly string[]): void => {
  const errors = Object.keys(body)
    .filter((name) => !allowed.includes(name))
    .map((name) => ({ pointer: `#/${name}`, code: 'auth.forbidden', detail: 'is changed by others than you' }));
  if (errors.length === 0) return;
  const names = errors.map(({ pointer }) => pointer.slice(2)).join(', ');
  throw new DomainError('forbidden', 'auth.forbidden', `You may not change ${names}.`, { errors });
};

/** PATCH /v1/partners/{partnerId}: its administrator changes what is its own, staff what is the program's. */
export const updatePartner = operation(contracts.updatePartner, async (request) => {
  const { payee, ...changes } = request.body;
  mustReach('update-partner', request.caller, request.params.partnerId);
  mustBeAllowed(request.body, byStaff(request.caller) ? staffFields : ownFields);
  if (payee !== undefined) {
    throw new DomainError('rule', 'payee.not_open', 'Payment details cannot be kept yet.', {
      errors: [{ pointer: '#/payee', code: 'payee.not_open', detail: 'must be left out' }],
    });
  }
  return changeOwnPartner(request, {
    operation: 'update-partner',
    type: 'partner.updated',
    decide: (partner, program) => update(partner, changes, program),
  });
});
