import { createHash } from 'node:crypto';
import { keptKey } from '#shared/documents/document-place.ts';
import { openChainAudit } from '#shared/ledger/chains.ts';
import { tellFault } from '#shared/ledger/fault.ts';
import { Root, rootBroken } from '#shared/ledger/roots.ts';
import { entitiesIn, type Oracle } from './oracles.ts';

const hashOf = (bytes: Uint8Array | undefined): string =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');

/** I7: what was verified is kept, in the version that was read, as it was announced; and nothing is kept of what was not verified. */
export const verifiedIsKept: Oracle = ({ items, files }) =>
  [...entitiesIn(items).values()].flatMap(({ id, sk, status, versionId, sha256 }) => {
    const versions = sk === 'document' ? files.get(keptKey(String(id))) : undefined;
    // Those that histories begin with were never uploaded.
    if (!versions) return [];
    if (status !== 'verified') return [`I7: ${id} is ${status}, and kept all the same`];
    const bytes = versions[Number(String(versionId).slice(1)) - 1];
    return hashOf(bytes) === sha256 ? [] : [`I7: what is kept of ${id} is not what was announced`];
  });

/** I8: every history leads through what was published of it. */
export const rootsHold: Oracle = ({ items, files }) => {
  const roots = [...files].filter(([key]) => key.startsWith('roots/')).flatMap(([, versions]) => versions);
  if (roots.length === 0) return [];
  const audit = openChainAudit();
  for (const item of items) audit.take(item);
  return roots.flatMap((bytes) =>
    rootBroken(Root.parse(JSON.parse(Buffer.from(bytes).toString())), audit).map(tellFault),
  );
};
