import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type Api, ask, askAll, readAnswer } from '#local/import/api-client.ts';
import { ImportError } from '#local/import/import-error.ts';

const OpenApproval = z.object({ id: z.string(), subject: z.object({ id: z.string() }) });

const patienceMs = 20_000;
const pauseMs = 50;

export interface Wanted {
  readonly kind: 'partner_application' | 'deal_registration';
  readonly subjectId: string;
  /** Of somebody who may decide. */
  readonly token: string;
  readonly idempotencyKey: string;
  readonly evaluation?: Readonly<Record<string, { readonly score: number; readonly note: string }>>;
}

/** The approval is made by a workflow, so it may appear a moment after its subject. */
async function findOpen(api: Api, wanted: Wanted): Promise<string> {
  const path = `/v1/approvals?kind=${wanted.kind}&status=open`;
  for (const until = performance.now() + patienceMs; performance.now() < until; await sleep(pauseMs)) {
    const open = await askAll(api, { method: 'GET', path, token: wanted.token }, OpenApproval);
    const found = open.find((approval) => approval.subject.id === wanted.subjectId);
    if (found) return found.id;
  }
  throw new ImportError(
    `No open approval appeared for ${wanted.subjectId} within ${patienceMs / 1000} s.`,
    'Look at the terminal of the system for a workflow that failed, then run the same command again.',
  );
}

/** Decides "approve" on what waits for a person. */
export async function approve(api: Api, wanted: Wanted): Promise<void> {
  const path = `/v1/approvals/${await findOpen(api, wanted)}`;
  const current = { method: 'GET', path, token: wanted.token } as const;
  const answer = await api.send(current);
  readAnswer(current, answer, z.unknown());
  const body = { outcome: 'approve', ...(wanted.evaluation ? { evaluation: wanted.evaluation } : {}) };
  const guard = answer.etag === null ? {} : { ifMatch: answer.etag };
  const { token, idempotencyKey } = wanted;
  await ask(api, { method: 'POST', path: `${path}/decision`, token, body, idempotencyKey, ...guard }, z.unknown());
}
