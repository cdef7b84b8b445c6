import { formatMoney } from '#shared/core/money.ts';
import type { Instant } from '#shared/core/time.ts';
import type { Finding, Task, TaskKind, TaskSubject } from './task.ts';

interface Returned {
  readonly id: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly returnedUntil?: Instant | undefined;
}

const toAnswer = (
  { id, status, reason, returnedUntil }: Returned,
  about: { readonly kind: TaskKind; readonly type: TaskSubject; readonly name: string },
): readonly Task[] => {
  if (status !== 'returned') return [];
  const question = reason ? ` We ask: ${reason}` : '';
  return [
    {
      kind: about.kind,
      text: `Answer our question about ${about.name} and send it again, or it lapses.${question}`,
      ...(returnedUntil ? { dueAt: returnedUntil } : {}),
      subject: { type: about.type, id },
    },
  ];
};

export const applicationReturned: Finding = ({ partner }) =>
  toAnswer(partner, { kind: 'application_returned', type: 'partner', name: 'your application' });

export const dealsReturned: Finding = ({ deals }) =>
  deals.flatMap((deal) =>
    toAnswer(deal, {
      kind: 'deal_returned',
      type: 'deal',
      name: `${deal.customer.companyName} (${deal.productLine})`,
    }),
  );

export const requestsReturned: Finding = ({ requests }) =>
  requests.flatMap((request) =>
    toAnswer(request, { kind: 'mdf_request_returned', type: 'mdf_request', name: `your request “${request.title}”` }),
  );

export const claimsReturned: Finding = ({ claims }) =>
  claims.flatMap((claim) =>
    toAnswer(claim, {
      kind: 'mdf_claim_returned',
      type: 'mdf_claim',
      name: `your claim of ${formatMoney(claim.claimedAmount)}`,
    }),
  );

export const disputesAnswered: Finding = ({ answered }) =>
  answered.map(({ id, amount, disputeAnswer }) => ({
    kind: 'dispute_answered',
    text: `Your dispute of the line of ${formatMoney(amount)} was answered${disputeAnswer ? `: ${disputeAnswer}` : '.'}`,
    subject: { type: 'earning', id },
  }));
