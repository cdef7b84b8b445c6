import * as z from 'zod';
import { type Api, ask, askAll } from '#local/import/api-client.ts';
import { approve } from '#local/import/approve.ts';
import { ImportError } from '#local/import/import-error.ts';
import { inLanes } from '#local/import/in-lanes.ts';
import { kebabCase } from '#local/import/kebab-case.ts';
import { type Laptop, userIdOf } from '#local/import/laptop.ts';
import type { Plan, PlannedPartner } from '#local/import/plan.ts';

const Partner = z.object({
  id: z.string(),
  status: z.string(),
  version: z.number(),
  company: z.object({ domain: z.string() }),
  ownerId: z.string().optional(),
  agreement: z.object({ version: z.string() }).optional(),
});
type Partner = z.infer<typeof Partner>;

/** Everything an application needs beyond the data: the same for all. */
const address = {
  streetAddress: '1 Market Street',
  city: 'San Francisco',
  stateOrRegion: 'CA',
  postalCode: '94105',
  countryCode: 'US',
};
const answers = {
  capacity: 'A team of sellers that works its own accounts.',
  capability: 'Sells and introduces software for companies.',
  commitment: 'Brings its opportunities to the program.',
  customerFit: 'Its customers are companies of the kind the program serves.',
};
const evaluation = Object.fromEntries(
  Object.keys(answers).map((criterion) => [criterion, { score: 4, note: 'Set by the importer, the same for all.' }]),
);

export const managerOf = (name: string) =>
  ({ role: 'partner_manager', email: `${kebabCase(name)}@tandem.example` }) as const;

export const adminOf = (partner: PlannedPartner, partnerId: string) =>
  ({ role: 'partner_admin', email: partner.contact.email, partnerId }) as const;

interface Onboarding {
  readonly api: Api;
  readonly laptop: Laptop;
  readonly plan: Plan;
}

async function apply({ api, plan }: Onboarding, partner: PlannedPartner): Promise<Partner> {
  const { name, websiteUrl, types, region, contact } = partner;
  const body = { company: { name, websiteUrl, address }, types, region, contacts: [contact], answers };
  const idempotencyKey = `${plan.source}-apply-${partner.key}`;
  return ask(api, { method: 'POST', path: '/v1/partners', body, idempotencyKey }, Partner);
}

interface Candidate extends Onboarding {
  readonly partner: PlannedPartner;
  readonly id: string;
  /** Token of the manager who is to own it. */
  readonly manager: string;
}

const read = ({ api, id, manager }: Candidate) =>
  ask(api, { method: 'GET', path: `/v1/partners/${id}`, token: manager }, Partner);

async function review({ api, plan, partner, id, manager }: Candidate): Promise<void> {
  const idempotencyKey = `${plan.source}-approve-${partner.key}`;
  await approve(api, { kind: 'partner_application', subjectId: id, token: manager, idempotencyKey, evaluation });
}

async function giveOwner({ api, id, manager }: Candidate, version: number): Promise<void> {
  const body = { ownerId: userIdOf(manager) };
  const change = {
    method: 'PATCH',
    path: `/v1/partners/${id}`,
    token: manager,
    body,
    ifMatch: `"${version}"`,
  } as const;
  await ask(api, change, z.unknown());
}

async function sign({ api, laptop, plan, partner, id }: Candidate, version: string | undefined): Promise<void> {
  const token = await laptop.signIn(adminOf(partner, id));
  const signerName = `${partner.contact.firstName} ${partner.contact.lastName}`;
  const body = { version, signerName, signerTitle: 'Managing Partner', accepted: true };
  const idempotencyKey = `${plan.source}-agree-${partner.key}`;
  await ask(api, { method: 'POST', path: `/v1/partners/${id}/agreement`, token, body, idempotencyKey }, z.unknown());
}

/** Takes one partner from wherever it stands to active and owned by its manager; one that is there already is left alone. */
async function onboard(onboarding: Onboarding, partner: PlannedPartner, known?: Partner): Promise<string> {
  const manager = await onboarding.laptop.signIn(managerOf(partner.manager));
  const { id } = known ?? (await apply(onboarding, partner));
  const candidate = { ...onboarding, partner, id, manager };
  if ((await read(candidate)).status === 'applied') await review(candidate);
  const admitted = await read(candidate);
  if (admitted.ownerId !== userIdOf(manager)) await giveOwner(candidate, admitted.version);
  if (admitted.status === 'approved') await sign(candidate, admitted.agreement?.version);
  const { status } = await read(candidate);
  if (status === 'active') return id;
  throw new ImportError(
    `${partner.name} is ${status} and not active, so none of its deals could be registered.`,
    'Reinstate it or start an empty system, then run the same command again.',
  );
}

const hostOf = (url: string): string => new URL(url).host;

/** All partners of the plan, active when this returns: their ids by the plan's key. */
export async function onboardPartners(onboarding: Onboarding, width: number): Promise<ReadonlyMap<string, string>> {
  const { api, laptop, plan } = onboarding;
  const [first] = plan.partners;
  if (!first) return new Map();
  const token = await laptop.signIn(managerOf(first.manager));
  const existing = await askAll(api, { method: 'GET', path: '/v1/partners', token }, Partner);
  const byDomain = new Map(existing.map((partner) => [partner.company.domain, partner]));
  const ids = new Map<string, string>();
  await inLanes(plan.partners, { width, laneOf: (partner) => partner.key }, async (partner) => {
    ids.set(partner.key, await onboard(onboarding, partner, byDomain.get(hostOf(partner.websiteUrl))));
  });
  return ids;
}
