import type { HttpReply, RunningLaptop } from '#test/support/laptop.ts';

export const manager = { role: 'partner_manager', sub: 'usr_journey_manager' };

/** An application of a company called `name`, with what a test wants different. */
export const anApplication = (name: string, overrides: Record<string, unknown> = {}) => ({
  company: {
    name: `${name} Ltd`,
    websiteUrl: `https://www.${name}.example`,
    address: { streetAddress: '1 Main Street', city: 'Springfield', postalCode: '12345', countryCode: 'US' },
  },
  types: ['reseller'],
  region: 'amer',
  contacts: [{ firstName: 'Ada', lastName: 'Byron', email: `ada@${name}.example` }],
  answers: {
    capacity: 'Twelve people.',
    capability: 'Ten years in the market.',
    commitment: 'A plan for the year.',
    customerFit: 'Mid-sized manufacturers.',
  },
  ...overrides,
});

/** Applies and waits until everything that follows has happened. */
export const applyAndSettle = async (
  laptop: RunningLaptop,
  name: string,
  overrides: Record<string, unknown> = {},
): Promise<HttpReply> => {
  const reply = await laptop.call('POST /v1/partners', { body: anApplication(name, overrides) });
  await laptop.advance('PT1S');
  return reply;
};

/** The newest approval about a subject. */
export const approvalOf = async (laptop: RunningLaptop, subject: HttpReply): Promise<HttpReply> => {
  const list = await laptop.call('GET /v1/approvals?status=open&limit=100', { by: manager });
  const approvals = list.body.data as { id: string; subject: { id: string } }[];
  const found = approvals.find((approval) => approval.subject.id === subject.body.id);
  if (!found) throw new Error(`Nobody is asked about ${JSON.stringify(subject.body)}.`);
  return laptop.call(`GET /v1/approvals/${found.id}`, { by: manager });
};

/** A partner that may register deals; answers its id. */
export const anActivePartner = async (laptop: RunningLaptop, name: string): Promise<string> => {
  const applied = await applyAndSettle(laptop, name, { types: ['affiliate', 'reseller'] });
  const id = String(applied.body.id);
  if (applied.body.status === 'applied') {
    const approval = await approvalOf(laptop, applied);
    await laptop.call(`POST /v1/approvals/${approval.body.id}/decision`, {
      by: manager,
      body: { outcome: 'approve' },
      ifMatch: Number(approval.body.version),
    });
  }
  const admin = { role: 'partner_admin', partnerId: id };
  const partner = await laptop.call(`GET /v1/partners/${id}`, { by: admin });
  const { version } = partner.body.agreement as { version: string };
  const signed = await laptop.call(`POST /v1/partners/${id}/agreement`, {
    by: admin,
    body: { version, signerName: 'Ada Byron', signerTitle: 'CEO', accepted: true },
  });
  if (signed.body.status !== 'active') throw new Error(`Not active: ${JSON.stringify(signed.body)}`);
  return id;
};
