import { type Answer, operation } from '#functions/http/door.ts';
import * as contracts from '#shared/payouts/bank-contract.ts';
import type { BankFormat } from '#shared/payouts/bank-format.ts';
import type { BankOrder } from '#shared/payouts/bank-order.ts';
import { writeNacha } from '#shared/payouts/nacha.ts';
import { writePain001 } from '#shared/payouts/pain001.ts';
import { revealPayees } from '#shared/payouts/payee-secrets-store.ts';
import { getRun } from '#shared/payouts/run-store.ts';
import { type HandedOver, handedOver, toldToBank } from './handed-over.ts';
import { packedFile } from './packed-file.ts';

const files: Readonly<Record<BankFormat, { type: string; ending: string; write: (order: BankOrder) => string }>> = {
  'pain.001': { type: 'application/xml', ending: 'xml', write: writePain001 },
  nacha: { type: 'text/plain', ending: 'ach', write: writeNacha },
};

const orderOf = async ({ run, approvedAt, payer }: HandedOver): Promise<BankOrder> => {
  const told = await toldToBank(run);
  const payees = await revealPayees(told.map(({ line }) => ({ ...line, version: line.payeeVersion })));
  return {
    runId: run.id,
    period: run.period,
    createdAt: approvedAt,
    payer,
    currency: run.total.currency,
    transfers: told.flatMap(({ line }, index) => {
      const to = payees[index];
      const amount = { amountMinor: line.amountMinor, currency: line.currency };
      return to ? [{ reference: line.payoutId, amount, payee: to.payee, secrets: to.secrets }] : [];
    }),
  };
};

/** GET /v1/payout-runs/{runId}/file */
export const getPayoutFile = operation(contracts.getPayoutFile, async (request): Promise<Answer> => {
  const { params, query, acceptEncoding } = request;
  const run = await getRun(params.runId);
  const { type, ending, write } = files[query.format];
  const { data, headers } = packedFile(write(await orderOf(await handedOver(run))), acceptEncoding);
  return {
    status: 200,
    content: { type, data },
    headers: { 'content-disposition': `attachment; filename="${run.id}.${ending}"`, ...headers },
  };
});
