import type { BucketDescription } from '#local/template/system.ts';
import { addDays, millis } from '#shared/core/time.ts';
import type { ObjectVersion } from './object-store.ts';
import { accessDenied, invalidArgument, S3Error } from './s3-error.ts';

type Lock = Pick<ObjectVersion, 'lockedUntil' | 'lockMode'>;

const askedFor = (given: Readonly<Record<string, string>>, now: string): Lock | undefined => {
  const mode = given['x-amz-object-lock-mode'];
  const until = given['x-amz-object-lock-retain-until-date'];
  if (mode === undefined && until === undefined) return undefined;
  if ((mode !== 'COMPLIANCE' && mode !== 'GOVERNANCE') || until === undefined) {
    throw invalidArgument('x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied.');
  }
  if (!(Date.parse(until) > millis(now))) throw invalidArgument('The retain until date must be in the future!');
  if (!('content-md5' in given) && !Object.keys(given).some((name) => /^x-amz-checksum-/.test(name))) {
    throw new S3Error(
      400,
      'InvalidRequest',
      'A checksum is required for Put Object requests with Object Lock parameters',
    );
  }
  return { lockMode: mode, lockedUntil: new Date(until).toISOString() };
};

/** How a new version is locked: as its request says, or as its bucket does. Throws where the bucket has no locks, or the request is odd. */
export const lockOf = (bucket: BucketDescription, given: Readonly<Record<string, string>>, now: string): Lock => {
  const asked = askedFor(given, now);
  if (asked && !bucket.canLock) {
    throw new S3Error(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration');
  }
  if (asked) return asked;
  if (!bucket.retention) return {};
  return { lockMode: bucket.retention.mode, lockedUntil: addDays(now, bucket.retention.days) };
};

/** Nobody takes a locked version away; a marker before it is no harm, since the version stays. */
export const mustNotBeLocked = ({ lockedUntil }: ObjectVersion, now: string): void => {
  if (lockedUntil !== undefined && lockedUntil > now) {
    throw accessDenied('Access Denied because object protected by object lock.');
  }
};
