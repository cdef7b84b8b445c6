import { handler } from '#functions/partners/door.ts';
import type { Caller } from '#shared/core/caller.ts';
import { hashOf } from '#shared/core/canonical.ts';
import { notFound } from '#shared/core/errors.ts';
import type { Intent } from '#shared/core/history.ts';
import type { Partner } from '#shared/partners/partner.ts';
import { approveApplication, rejectApplication, returnApplication } from '#shared/partners/partner-application.ts';
import { lapsePartner } from '#shared/partners/partner-life.ts';
import { changePartner, getPartner, partnerKey } from '#shared/partners/partner-store.ts';
import { is } from '#shared/platform/condition.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { transact } from '#shared/platform/table.ts';
import { aProgram } from '#test/support/a-program.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { adminOf, manager } from '#test/support/people.ts';

export const now = '2026-07-01T12:00:00.000Z';

let serial = 0;
export const freshDomain = (): string => {
  serial += 1;
  return `company-${serial}.example`;
};

/** An application as a company sends it, with what a test wants different. */
export const anApplication = (domain: string, overrides: Record<string, unknown> = {}) => ({
  company: {
    name: 'Acme Partners',
    websiteUrl: `https://www.${domain}`,
    address: { streetAddress: '1 Main Street', city: 'Springfield', postalCode: '12345', countryCode: 'US' },
  },
  types: ['reseller'],
  region: 'amer',
  contacts: [{ firstName: 'Ada', lastName: 'Byron', email: `ada@${domain}` }],
  answers: { capacity: 'Ten people', capability: 'Ten years', commitment: 'A plan', customerFit: 'The same' },
  ...overrides,
});

export const ask = (call: Omit<Call, 'at'> & { readonly at?: string }): Promise<Reply> =>
  send(handler, { at: now, ...call });

export const apply = (body: unknown, more: Partial<Call> = {}): Promise<Reply> =>
  ask({ operation: 'apply-partner', body, ...more });

/** A company that has applied and waits. */
export const anApplicant = async (overrides: Record<string, unknown> = {}) => {
  const domain = freshDomain();
  const { body } = await apply(anApplication(domain, overrides));
  return { id: String(body.id), statusToken: String(body.statusToken), domain, status: String(body.status) };
};

/** What decisions do, without the approval around them. */
const decide = async (partnerId: string, type: string, at: string, rule: (partner: Partner) => Partner) => {
  const before = await getPartner(partnerId);
  const intent: Intent = { writeId: hashOf([type, partnerId, at]), bodyHash: '', by: manager.id, at };
  const { entity } = await commitChange(before, changePartner(before, rule(before), { type, intent }));
  return entity;
};

const program = aProgram();

export const approve = (partnerId: string, at = now): Promise<Partner> =>
  decide(partnerId, 'partner.approved', at, (partner) =>
    approveApplication(partner, { reviewerId: manager.id }, { program, now: at }),
  );
export const reject = (partnerId: string, at = now): Promise<Partner> =>
  decide(partnerId, 'partner.rejected', at, (partner) => rejectApplication(partner, 'Not now.'));
export const sendBack = (partnerId: string, at = now): Promise<Partner> =>
  decide(partnerId, 'partner.returned', at, (partner) =>
    returnApplication(partner, 'Who are your customers?', { program, now: at }),
  );
export const lapse = (partnerId: string, at: string): Promise<Partner> =>
  decide(partnerId, 'partner.lapsed', at, lapsePartner);

export const agreeing = { version: '2026-01', signerName: 'Ada Byron', signerTitle: 'CEO', accepted: true };

export const accept = (partnerId: string, more: Partial<Call> = {}): Promise<Reply> =>
  ask({
    operation: 'accept-agreement',
    caller: adminOf(partnerId),
    params: { partnerId },
    body: agreeing,
    ...more,
  });

/** A partner that is active since `now`. */
export const anActivePartner = async (overrides: Record<string, unknown> = {}): Promise<string> => {
  const { id, status } = await anApplicant(overrides);
  if (status === 'applied') await approve(id);
  await accept(id);
  return id;
};

/** Its record is written by hand: by default so that it is none of a partner any more. */
export const spoil = async (partnerId: string, types: unknown = 'none'): Promise<void> => {
  const write = { write: 'change', key: partnerKey(partnerId), change: { set: { types } } } as const;
  await transact([{ ...write, when: is('pk', '=', partnerId), refuse: notFound }]);
};

export const read = (partnerId: string, caller: Caller = manager, at = now): Promise<Reply> =>
  ask({ operation: 'get-partner', caller, params: { partnerId }, at });

export const command = (
  operation: 'suspend-partner' | 'reinstate-partner' | 'terminate-partner',
  partnerId: string,
  more: Partial<Call> = {},
): Promise<Reply> =>
  ask({ operation, caller: manager, params: { partnerId }, body: { reason: 'As agreed.' }, ...more });
