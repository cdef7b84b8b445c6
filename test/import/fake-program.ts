import * as z from 'zod';

/**
 * The rules of the CRM program as the importer meets them over HTTP, as plainly as they can be said. Only the importer's own tests
 * use it: what Tandem really does is shown by the journeys on the laptop.
 */
export interface FakeRequest {
  /** `POST /v1/deals` */
  readonly what: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly token: string | undefined;
  readonly key: string | undefined;
  readonly ifMatch: string | undefined;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly version?: number;
}

interface FakePartner {
  readonly id: string;
  readonly company: { readonly name: string; readonly domain: string };
  readonly agreement: { readonly version: string };
  status: string;
  version: number;
  ownerId?: string;
}

interface FakeDeal {
  readonly id: string;
  readonly partnerId: string;
  readonly lock: string;
  status: string;
  protectedUntil?: string;
}

const Clock = z.object({ to: z.string().optional(), mode: z.string().optional() });
const SignIn = z.object({ role: z.string(), sub: z.string(), partnerId: z.string().optional() });
const Application = z.object({ company: z.object({ name: z.string(), websiteUrl: z.url(), address: z.object({}) }) });
const Owner = z.object({ ownerId: z.string() });
const Registration = z.object({
  customer: z.object({ websiteUrl: z.url() }),
  productLine: z.string(),
  value: z.object({ amountMinor: z.int(), currency: z.literal('USD') }),
  partnerId: z.string().optional(),
});
const Closing = z.object({ outcome: z.enum(['won', 'lost']), closedOn: z.string() });
const Claims = z.object({ username: z.string(), partnerId: z.string().optional() });

const lines = ['gtx-pro', 'gtk-500', 'gtx-basic', 'gtx-plus-basic', 'gtx-plus-pro', 'mg-special', 'mg-advanced'];
const published = {
  version: 1,
  currency: 'USD',
  regions: ['central', 'east', 'west'],
  partnerTypes: [{ id: 'referral' }],
  productLines: lines.map((id) => ({ id })),
};
const autoApproveBelowMinor = 1_000_000;
const protectionMs = 90 * 86_400_000;

export const problem = (status: number, code: string): FakeAnswer => ({
  status,
  body: { code, detail: `The fake says ${code}.` },
});
const ok = (body: unknown, version?: number): FakeAnswer => ({
  status: 200,
  body,
  ...(version === undefined ? {} : { version }),
});
const page = (data: readonly unknown[]): FakeAnswer => ok({ data, nextCursor: null });

const tokenOf = (claims: object): string => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
const claimsOf = (token = ''): z.infer<typeof Claims> =>
  Claims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));

interface State {
  now: string;
  readonly partners: Map<string, FakePartner>;
  readonly deals: Map<string, FakeDeal>;
  /** Subject ids of open approvals, by approval id. */
  readonly approvals: Map<string, string>;
  /** First answers of requests that succeeded, by idempotency key. */
  readonly answered: Map<string, FakeAnswer>;
}

const statusOf = (deal: FakeDeal, now: string): string =>
  deal.status === 'approved' && (deal.protectedUntil ?? '') <= now ? 'expired' : deal.status;

function approveDeal(state: State, deal: FakeDeal): void {
  deal.status = 'approved';
  deal.protectedUntil = new Date(Date.parse(state.now) + protectionMs).toISOString();
}

function local(state: State, { what, body }: FakeRequest): FakeAnswer {
  if (what === 'POST /local/token') {
    const { sub, partnerId } = SignIn.parse(body);
    return ok({ accessToken: tokenOf({ username: sub, partnerId }) });
  }
  const to = what === 'POST /local/clock' ? Clock.parse(body).to : undefined;
  if (to !== undefined && to < state.now) return problem(422, 'clock.backwards');
  state.now = to ?? state.now;
  return ok({ now: state.now });
}

function partners(state: State, request: FakeRequest): FakeAnswer {
  if (request.what === 'GET /v1/partners') return page([...state.partners.values()]);
  if (request.what === 'POST /v1/partners') {
    const { company } = Application.parse(request.body);
    const id = `ptr_${state.partners.size + 1}`;
    const domain = new URL(company.websiteUrl).host;
    state.partners.set(id, {
      id,
      company: { name: company.name, domain },
      agreement: { version: '1' },
      status: 'applied',
      version: 1,
    });
    state.approvals.set(`apr_${id}`, id);
    return { status: 201, body: state.partners.get(id) };
  }
  const partner = state.partners.get(request.what.split('/')[3] ?? '');
  if (!partner) return problem(404, 'not_found');
  if (request.what.startsWith('PATCH')) {
    if (request.ifMatch !== `"${partner.version}"`) return problem(412, 'version.stale');
    partner.ownerId = Owner.parse(request.body).ownerId;
    partner.version += 1;
  }
  if (request.what.endsWith('/agreement')) partner.status = 'active';
  return ok(partner, partner.version);
}

function approvals(state: State, { what, ifMatch }: FakeRequest): FakeAnswer {
  const open = [...state.approvals].map(([id, subject]) => ({ id, subject: { id: subject } }));
  if (what === 'GET /v1/approvals') return page(open);
  const approval = open.find(({ id }) => what.split('/')[3] === id);
  if (!approval) return problem(409, 'approval.closed');
  if (what.startsWith('GET')) return ok(approval, 1);
  if (ifMatch !== '"1"') return problem(428, 'version.required');
  state.approvals.delete(approval.id);
  const partner = state.partners.get(approval.subject.id);
  const deal = state.deals.get(approval.subject.id);
  if (partner) partner.status = 'approved';
  if (deal) approveDeal(state, deal);
  return ok(approval, 2);
}

function register(state: State, { body, token }: FakeRequest): FakeAnswer {
  const { customer, productLine, value, partnerId = claimsOf(token).partnerId ?? '' } = Registration.parse(body);
  if (state.partners.get(partnerId)?.status !== 'active') return problem(409, 'partner.not_active');
  const lock = `${customer.websiteUrl} ${productLine}`;
  const isHeld = (deal: FakeDeal) =>
    deal.lock === lock && ['approved', 'submitted'].includes(statusOf(deal, state.now));
  const holder = [...state.deals.values()].find(isHeld);
  if (holder) return problem(409, holder.partnerId === partnerId ? 'deal.already_registered' : 'deal.conflict');
  const deal: FakeDeal = { id: `deal_${state.deals.size + 1}`, partnerId, lock, status: 'submitted' };
  state.deals.set(deal.id, deal);
  if (value.amountMinor < autoApproveBelowMinor) approveDeal(state, deal);
  else state.approvals.set(`apr_${deal.id}`, deal.id);
  return { status: 201, body: { ...deal } };
}

function deals(state: State, request: FakeRequest): FakeAnswer {
  const shown = (deal: FakeDeal) => ({ ...deal, status: statusOf(deal, state.now) });
  if (request.what === 'POST /v1/deals') return register(state, request);
  if (request.what === 'GET /v1/deals') return page([...state.deals.values()].map(shown));
  const deal = state.deals.get(request.what.split('/')[3] ?? '');
  if (!deal) return problem(404, 'not_found');
  if (request.what.startsWith('GET')) return ok(shown(deal));
  if (statusOf(deal, state.now) !== 'approved') return problem(409, 'state.transition_not_allowed');
  const { outcome, closedOn } = Closing.parse(request.body);
  if (closedOn > state.now.slice(0, 10)) return problem(422, 'deal.closed_in_future');
  deal.status = outcome;
  return ok(shown(deal));
}

export interface FakeProgram {
  readonly state: State;
  readonly answer: (request: FakeRequest) => FakeAnswer;
}

function answer(state: State, request: FakeRequest): FakeAnswer {
  const [, path = ''] = request.what.split(' ');
  if (path === '/v1/program') return ok(published);
  if (path.startsWith('/local/')) return local(state, request);
  if (request.what.startsWith('POST') && !request.key) return problem(400, 'idempotency.key_required');
  const first = request.key === undefined ? undefined : state.answered.get(request.key);
  if (first) return first;
  const doors = { partners, approvals, deals };
  const noun = path.split('/')[2] ?? '';
  if (!Object.hasOwn(doors, noun)) return problem(404, 'not_found');
  const given = doors[noun as keyof typeof doors](state, request);
  if (request.key !== undefined && given.status < 300) state.answered.set(request.key, given);
  return given;
}

export function fakeProgram(): FakeProgram {
  const state: State = {
    now: '2024-06-01T00:00:00.000Z',
    partners: new Map(),
    deals: new Map(),
    approvals: new Map(),
    answered: new Map(),
  };
  return { state, answer: (request) => answer(state, request) };
}
