import { DomainError, isCode } from '#shared/core/errors.ts';
import { absent, all, any, is } from '#shared/platform/condition.ts';
import type { Item, Write } from '#shared/platform/table.ts';
import type { Partner } from './partner.ts';

/**
 * | access pattern | where | key |
 * | --- | --- | --- |
 * | which application or partner a company is | table | pk = `company#<domain>`, sk = `company` |
 *
 * A company is its registrable domain. Its lock ends by its own time, whether or not anybody sweeps: from `freeAt` on the company
 * may apply anew.
 */
const keyOf = (domain: string) => ({ pk: `company#${domain}`, sk: 'company' });

/** Later than anything; what is not decided yet has no end. */
const never = '9999-12-31T23:59:59.999Z';

/** What waits for an answer or a signature is free when the time for it ends; what was rejected is free at once. */
const freeAt = (partner: Partner): string => {
  if (partner.status === 'rejected') return partner.updatedAt;
  return partner.due?.what === 'lapse' ? partner.due.at : never;
};

const lockOf = (partner: Partner) => ({
  kind: 'company',
  partnerId: partner.id,
  freeAt: freeAt(partner),
  terminated: partner.status === 'terminated',
});

/** Says nothing about who holds the company; the one that the asking try itself made is named, so that it is recognised. */
const duplicate = (partner: Partner, image: Item | undefined): DomainError =>
  new DomainError('conflict', 'partner.duplicate', 'A company with this website has applied or is a partner already.', {
    facts: image?.partnerId === partner.id ? { partnerId: partner.id } : {},
  });

/** Staff may let a company come back whose partnership was terminated; a person then has to look at it. */
export const terminatedBefore = (error: unknown): boolean => isCode(error, 'partner.terminated_before');

export interface Taking {
  readonly partner: Partner;
  readonly byStaff: boolean;
  readonly afterTermination: boolean;
}

/** Takes the company for a new application if it is free. Throws `partner.duplicate`, and to staff `partner.terminated_before`. */
export const takeCompany = ({ partner, byStaff, afterTermination }: Taking): Write => ({
  write: 'change',
  key: keyOf(partner.company.domain),
  change: { set: lockOf(partner) },
  when: afterTermination ? is('terminated', '=', true) : any(absent('pk'), is('freeAt', '<=', partner.createdAt)),
  refuse: (image) =>
    byStaff && image?.terminated === true
      ? new DomainError('conflict', 'partner.terminated_before', 'This partnership was terminated.')
      : duplicate(partner, image),
});

/** Changes the lock of a partner that still has it; undefined when there is nothing to change. A lapse leaves it: it has ended. */
export const holdCompany = (before: Partner, after: Partner): Write | undefined => {
  const [was, will] = [lockOf(before), lockOf(after)];
  if (after.status === 'lapsed' || (was.freeAt === will.freeAt && was.terminated === will.terminated)) return undefined;
  return {
    write: 'change',
    key: keyOf(before.company.domain),
    change: { set: will },
    when: all(is('partnerId', '=', before.id), is('freeAt', '>', after.updatedAt)),
    refuse: () =>
      new DomainError('conflict', 'state.transition_not_allowed', 'The time for this is over; apply anew.', {
        facts: { status: 'lapsed' },
      }),
  };
};
