import { randomUUID } from 'node:crypto';
import { handler as payouts } from '#functions/payouts/door.ts';
import { type Intent, systemIntent } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { addDays } from '#shared/core/time.ts';
import type { Payee } from '#shared/payouts/payee.ts';
import { keepPayee } from '#shared/payouts/payee-store.ts';
import type { Payout, PayoutStatus } from '#shared/payouts/payout.ts';
import { freezePayout } from '#shared/payouts/payout-life.ts';
import { payoutOf } from '#shared/payouts/payout-of.ts';
import { ownIntent, recordSent, stepPayout } from '#shared/payouts/payout-steps-store.ts';
import { type Run, startRun } from '#shared/payouts/run.ts';
import { insertRun } from '#shared/payouts/run-store.ts';
import { transact } from '#shared/platform/table.ts';
import { ensureUser } from '#shared/users/user-store.ts';
import { aProgram } from '#test/support/a-program.ts';
import { anOpenApproval, decide } from '#test/support/approvals.ts';
import { type Call, type Reply, send } from '#test/support/call.ts';
import { finance } from '#test/support/people.ts';
import { handler as closeRun } from '#workflows/payouts/close-run.ts';
import { handler as collectPayouts } from '#workflows/payouts/collect-payouts.ts';
import { handler as freezeRun } from '#workflows/payouts/freeze-run.ts';
import { handler as loadRun } from '#workflows/payouts/load-run.ts';
import { handler as payChunk } from '#workflows/payouts/pay-chunk.ts';
import { handler as releaseChunk } from '#workflows/payouts/release-chunk.ts';
import { aPartnerId, earn, storedStatement } from './a-statement.ts';

/** The pay day of July's statements. */
export const payDay = '2026-08-05T09:00:00.000Z';

/** The example program, paid by hand, so that people say what has arrived, and without forms for tax offices. */
export const aPaidProgram = () => {
  const program = aProgram();
  const { taxForms: _forms, ...payouts } = program.payouts;
  return { ...program, payouts: { ...payouts, provider: 'manual' as const } };
};

/** Says how a partner is paid, long before any run. */
export const aPayee = async (partnerId: string, overrides: Partial<Payee> = {}): Promise<void> => {
  const payee: Payee = {
    version: 1,
    kind: 'iban',
    accountHolder: 'Northwind Ltd',
    lastFour: '3000',
    address: { streetAddress: '1 Main Street', city: 'Berlin', postalCode: '10115', countryCode: 'DE' },
    countryCode: 'DE',
    changedAt: '2026-06-01T12:00:00.000Z',
    changedBy: `usr_admin_${partnerId}`,
    ...overrides,
  };
  const failure = await transact([...keepPayee({ partnerId, payee, sealed: '', tell: [] })]);
  if (failure) throw new Error('The payee was not kept.');
};

/** A partner that can be paid, with so much on its statement of July. */
export const anEarner = async (amountMinor: number): Promise<string> => {
  const partnerId = aPartnerId();
  await aPayee(partnerId);
  await earn(partnerId, amountMinor);
  return partnerId;
};

/** One that is paid to its account at Stripe. */
export const aStripeEarner = async (amountMinor: number): Promise<string> => {
  const partnerId = aPartnerId();
  await aPayee(partnerId, { kind: 'stripe_account', accountId: 'acct_northwind1', lastFour: 'ind1' });
  await earn(partnerId, amountMinor);
  return partnerId;
};

/** Somebody of finance, whose role is old enough unless it says otherwise. */
export const aFinancePerson = async (
  granted = addDays(payDay, -100),
): Promise<Call['caller'] & { readonly id: string }> => {
  const id = derivedId('usr', randomUUID());
  await ensureUser({ id, email: `${id}@tandem.example`, role: 'finance', now: granted });
  return { ...finance, id };
};

const intentOf = (what: string): ((payout: Payout) => Intent) => ownIntent(what, payDay);

/** The payout of a partner of its own, as far as `status`, without any run around it. */
export const aPayout = async (
  status: Extract<PayoutStatus, 'pending' | 'sent' | 'unknown'>,
  about: { readonly partnerId?: string; readonly provider?: string; readonly runId?: string } = {},
): Promise<Payout> => {
  const { partnerId = aPartnerId(), provider = 'manual', runId = 'run_11111111111111111111111111' } = about;
  await earn(partnerId, 12_000);
  const { payout } = await storedStatement(partnerId);
  const terms = { minimumMinor: 0, payableFrom: payDay, lacksTaxForm: () => false, now: payDay };
  const taking = { runId, payeeVersion: 1, provider, now: payDay };
  await stepPayout(payout, {
    to: '2026-08',
    intentOf: intentOf('freeze'),
    decide: (statement) => ({
      after: freezePayout(statement, payoutOf(statement, terms), taking),
      type: 'payout.frozen',
    }),
  });
  if (status !== 'pending') await recordSent(payout, { outcome: status }, payDay);
  return (await storedStatement(partnerId)).payout;
};

export const ask = (operation: Call['operation'], more: Partial<Call> = {}): Promise<Reply> =>
  send(payouts, { operation, at: payDay, caller: finance, ...more });

let periods = 0;

/** A month that nothing else is about. */
export const aPeriod = (): string => {
  periods += 1;
  return `${2000 + Math.floor(periods / 12)}-${String((periods % 12) + 1).padStart(2, '0')}`;
};

/** One that fails holds up no other, as in the workflow; throws in the end what the first of them threw. */
export const forEachChunk = async <T>(chunks: readonly T[], work: (chunk: T) => Promise<unknown>): Promise<void> => {
  const failures: unknown[] = [];
  for (const chunk of chunks)
    try {
      await work(chunk);
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
};

/** Does what the workflow does, until somebody is asked or nothing is left; answers what it then waits for. */
export const drive = async (runId: string, at = payDay, attempt = 1): Promise<'ask' | 'done'> => {
  for (;;) {
    const { step, shards, chunks } = await loadRun({ runId, attempt, at });
    if (step === 'ask') return 'ask';
    if (step === 'collect') {
      for (const each of shards) await collectPayouts({ ...each, at });
      await freezeRun({ runId, attempt, at });
      continue;
    }
    await forEachChunk(chunks, (each) => (step === 'pay' ? payChunk : releaseChunk)({ ...each, at }));
    await closeRun({ runId, attempt, at });
    return 'done';
  }
};

/** A run of July as it waits for its approval; answers its id. */
export const aCollectedRun = async (more: Partial<Call> = {}): Promise<string> => {
  const { status, body } = await ask('start-payout-run', { body: { period: '2026-07' }, ...more });
  if (status !== 201) throw new Error(`No run: ${JSON.stringify(body)}`);
  await drive(String(body.id));
  return String(body.id);
};

/** A person of finance decides on it. */
export const decideRun = async (runId: string, more: Partial<Call> = {}): Promise<Reply> => {
  const approvalId = await anOpenApproval(runId, payDay);
  return decide(approvalId, { caller: await aFinancePerson(), at: payDay, ...more });
};

/** A run that has just begun, of a month of its own. */
export const aStartedRun = async (by: string = finance.id): Promise<Run> => {
  const id = derivedId('run', randomUUID());
  const run = startRun({ id, period: aPeriod(), by, now: payDay, currency: 'USD' });
  return (await insertRun(run, systemIntent('start', id, payDay))).entity;
};
