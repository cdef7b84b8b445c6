import { type AccessRow, access, scopes } from '#shared/core/access.ts';
import { type Caller, staffRoles } from '#shared/core/caller.ts';
import type { Things } from '#test/access/askings.ts';
import { thingsOfAPartner } from '#test/access/things-of.ts';
import { aVerifiedDocument } from '#test/documents/a-document.ts';
import { aPublishedScore } from '#test/health/a-published-score.ts';
import { aFullClaim, aSubmittedClaim, claim } from '#test/mdf/a-claim.ts';
import { anApprovedRequest, aPlanFor, grant, usd } from '#test/mdf/a-fund-request.ts';
import { anApplication, approve } from '#test/partners/a-partner.ts';
import { aPayee } from '#test/payouts/a-run.ts';
import { earn } from '#test/payouts/a-statement.ts';
import { handledRoutes } from '#test/support/every-door.ts';
import { adminOf, finance, manager, repOf } from '#test/support/people.ts';
import { ask } from './asked.ts';
import { markedBody, wordsOf } from './marked-body.ts';

/** A partner whose every word carries a mark, and what has been made for it so far. */
export interface Tenant {
  readonly mark: string;
  readonly partnerId: string;
  /** Minor units of what it earned and was given: nobody else has just so much. */
  readonly amountMinor: number;
  /** One of everything that partners have. */
  readonly things: Things;
  readonly callers: readonly Caller[];
  readonly ids: Set<string>;
  readonly cursors: string[];
  readonly statusTokens: string[];
  /** Words of the other that it was given, since it wrote them itself: websites of customers. */
  readonly given: Set<string>;
}

const callersOf = (partnerId: string): readonly Caller[] => [
  repOf(partnerId),
  adminOf(partnerId),
  { kind: 'api_key', id: `key_of_${partnerId}`, role: 'partner_admin', partnerId, scopes },
];

/** An active partner of that mark, with one of everything. */
export const createTenant = async (mark: string, amountMinor: number): Promise<Tenant> => {
  const { text, website } = wordsOf(mark, 0);
  const domain = new URL(website).hostname.replace('www.', '');
  const plain = anApplication(domain);
  const company = { ...plain.company, name: `${mark} Partners`, address: { ...plain.company.address, city: mark } };
  const contacts = [{ firstName: mark, lastName: mark, email: `ada@${mark}.example`, businessTitle: mark }];
  const answers = Object.fromEntries(Object.keys(plain.answers).map((name) => [name, text]));
  const body = { ...plain, company, contacts, answers, customersServed: text, why: text };
  const applied = await ask('apply-partner', { caller: { kind: 'anonymous', id: '192.0.2.9' }, body });
  const partnerId = String(applied.body.id);
  if (applied.body.status === 'applied') await approve(partnerId);
  const params = { partnerId };
  const seen = await ask('get-partner', { caller: manager, params });
  const { version } = seen.body.agreement as { version: string };
  const signing = { version, signerName: mark, signerTitle: mark, accepted: true };
  await ask('accept-agreement', { caller: adminOf(partnerId), params, body: signing });
  const statusTokens = [String(applied.body.statusToken)];
  const callers = callersOf(partnerId);
  const things = await thingsOfAPartner(partnerId);
  const { runId: _run, scoringRunId: _scoringRun, approvalFor, ...its } = things;
  const ids = new Set([...Object.values(its), ...staffRoles.map(approvalFor)].filter((id) => aWholeId.test(id)));
  return { mark, partnerId, amountMinor, things, callers, ids, cursors: [], statusTokens, given: new Set() };
};

/** Two of whatever a partner can make by itself, in its own words. */
export const furnish = async (tenant: Tenant): Promise<void> => {
  for (const { operation, method, path } of handledRoutes) {
    const row: AccessRow = access[operation];
    if (method !== 'POST' || row.partner_admin === undefined || path.includes('{')) continue;
    for (const serial of [1_000_001, 1_000_002]) {
      const body = markedBody(operation, wordsOf(tenant.mark, serial));
      const { partnerId: _left, ...made } = body as Record<string, unknown>;
      const reply = await ask(operation, { caller: adminOf(tenant.partnerId), body: made });
      if (reply.status < 300) learn(tenant, reply.body);
    }
  }
};

/** Money, judgement and papers, in its words and of its amount. */
export const furnishMoney = async ({ mark, partnerId, amountMinor, ids }: Tenant): Promise<void> => {
  const { text } = wordsOf(mark, 0);
  const amount = usd(amountMinor);
  await aPayee(partnerId, { accountHolder: text });
  const { id: earningId } = await earn(partnerId, amountMinor, { statement: '2026-08' });
  ids.add(earningId);
  ids.add((await aVerifiedDocument({ partnerId, fileName: `${mark}.pdf` })).id);
  const plan = aPlanFor(amountMinor, { title: text, description: text });
  await grant(partnerId, amountMinor);
  const { requestId } = await aSubmittedClaim(partnerId, { plan, amountMinor });
  const { invoices, ...rest } = await aFullClaim(partnerId, { claimedAmount: usd(400_000) });
  const ofMark = { ...rest, invoices: invoices.map((each) => ({ ...each, supplier: text })) };
  const claimed = await claim(partnerId, await anApprovedRequest(partnerId), ofMark);
  const bonus = { partnerId, kind: 'bonus', amount, reason: text };
  const given = await ask('submit-bonus', { caller: finance, body: bonus });
  for (const { status, text: answer } of [claimed, given]) if (status !== 201) throw new Error(answer);
  for (const id of [requestId, claimed.body.id, given.body.id]) ids.add(String(id));
  const params = { partnerId, quarter: '2026-Q1' };
  await aPublishedScore(partnerId, params.quarter);
  const review = { actions: [{ title: text, owner: 'partner', dueOn: '2026-09-30', done: false }], comment: text };
  const owners = { partner: text, partnerManager: text };
  const adjustments = { announcement: { owners } };
  const said = [
    await ask('review-scorecard', { caller: manager, params, ifMatch: 0, body: review }),
    await ask('propose-success-plan', {
      caller: manager,
      params: { ...params, quarter: '2026-Q4' },
      ifMatch: 0,
      body: { template: 'launch', adjustments },
    }),
    await ask('dispute-earning', {
      caller: repOf(partnerId),
      params: { earningId },
      body: { reason: text },
    }),
  ];
  for (const { status, text: answer } of said) if (status >= 300) throw new Error(answer);
};

const aWholeId = /_[0-9A-Za-z]{26}/;
const anId = /\b[a-z]{2,4}_(?:[a-z]+_)?[0-9A-Za-z]{26}(?:_\d+)?\b/g;

/** As JSON has it, and as statements write it in English and German, and for machines. */
const amountsOf = ({ amountMinor }: Tenant): readonly string[] => {
  const [minor, major] = [String(amountMinor), amountMinor / 100];
  const written = ['en-US', 'de-DE'].map((locale) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(major),
  );
  return [minor, major.toFixed(2), ...written];
};

/** Whatever in a text would tell of this partner: its mark, its tokens, the ids of its things. */
export const tracesIn = (text: string, tenant: Tenant, given: ReadonlySet<string> = new Set()): readonly string[] => {
  const heard = [...given].reduce((rest, word) => rest.replaceAll(word, ''), text);
  // An approval is named after what it is about.
  const names = (heard.match(anId) ?? []).flatMap((id) => [id, id.replace(/^apr_|_\d+$/g, '')]);
  const ids = names.filter((id) => tenant.ids.has(id));
  const words = [tenant.mark, tenant.partnerId, ...tenant.statusTokens, ...amountsOf(tenant)].filter((word) =>
    heard.includes(word),
  );
  return [...new Set([...ids, ...words])];
};

/** Notes what somebody of the partner was told: its own things, and where its lists go on. */
export const learn = (tenant: Tenant, body: Readonly<Record<string, unknown>>): void => {
  const things = [body, ...(Array.isArray(body.data) ? body.data : [])] as Readonly<Record<string, unknown>>[];
  for (const { id } of things) if (typeof id === 'string' && aWholeId.test(id)) tenant.ids.add(id);
  if (typeof body.nextCursor === 'string') tenant.cursors.push(body.nextCursor);
  if (typeof body.statusToken === 'string') tenant.statusTokens.push(body.statusToken);
};
