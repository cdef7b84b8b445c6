import * as z from 'zod';
import { accessDenied, invalidArgument, S3Error } from './s3-error.ts';
import { algorithm, mustBeSigned, readScope, type Signer } from './signing-key.ts';

/** A form that was posted to a bucket. */
export interface PostedForm {
  readonly bucket: string;
  /** By names in small letters: S3 does not tell capitals from small letters here. */
  readonly fields: ReadonlyMap<string, string>;
  readonly sizeBytes: number;
}

const Condition = z.union([
  z.tuple([z.literal('content-length-range'), z.int(), z.int()]),
  z.tuple([z.enum(['eq', 'starts-with']), z.string().startsWith('$'), z.string()]),
  z.record(z.string(), z.string()),
]);
const Policy = z.strictObject({ expiration: z.iso.datetime(), conditions: z.array(Condition) });
type Policy = z.infer<typeof Policy>;

/** What a policy need not speak of: itself, and what the form says it is to be ignored. */
const neverNamed = /^(policy|x-amz-signature|file|x-ignore-.*)$/;

const failed = (what: string): S3Error => accessDenied(`Invalid according to Policy: ${what}`);

const readPolicy = (text: string): Policy => {
  try {
    return Policy.parse(JSON.parse(Buffer.from(text, 'base64').toString()));
  } catch {
    throw new S3Error(
      400,
      'InvalidPolicyDocument',
      'The content of the form does not meet the conditions of a policy.',
    );
  }
};

type Test = { readonly field: string; readonly holds: (value: string) => boolean };

const testsOf = (condition: z.infer<typeof Condition>): readonly Test[] => {
  if (!Array.isArray(condition)) {
    return Object.entries(condition).map(([name, wanted]) => ({
      field: name.toLowerCase(),
      holds: (value) => value === wanted,
    }));
  }
  const [test, name, wanted] = condition;
  if (test === 'content-length-range') return [];
  const field = name.slice(1).toLowerCase();
  return [{ field, holds: test === 'eq' ? (value) => value === wanted : (value) => value.startsWith(wanted) }];
};

const mustFitSize = ({ conditions }: Policy, sizeBytes: number): void => {
  for (const condition of conditions) {
    if (!Array.isArray(condition) || condition[0] !== 'content-length-range') continue;
    const [, least, most] = condition;
    if (sizeBytes < least) throw new S3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than allowed.');
    if (sizeBytes > most) throw new S3Error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum size.');
  }
};

const mustMeetConditions = ({ conditions }: Policy, { bucket, fields }: PostedForm): void => {
  if ((fields.get('bucket') ?? bucket) !== bucket) throw failed('Policy Condition failed: bucket');
  const given = new Map([...fields, ['bucket', bucket]]);
  const tests = conditions.flatMap(testsOf);
  for (const { field, holds } of tests) {
    if (!holds(given.get(field) ?? '')) throw failed(`Policy Condition failed: ${field}`);
  }
  const named = new Set(tests.map(({ field }) => field));
  const extra = [...fields.keys()].filter((field) => !named.has(field) && !neverNamed.test(field));
  if (extra.length > 0) throw failed(`Extra input fields: ${extra.join(', ')}`);
};

/** Lets a form pass whose policy is signed, has not expired by machine time, and is met by every field. Throws what S3 answers otherwise. */
export const mustMeetPolicy = (form: PostedForm, signer: Signer, nowMs: number): void => {
  const part = (name: string): string => {
    const value = form.fields.get(name);
    if (value === undefined) throw invalidArgument(`Bucket POST must contain a field named '${name}'.`);
    return value;
  };
  // Without a policy a form is nobody's in particular.
  if (!form.fields.has('policy')) throw accessDenied();
  if (part('x-amz-algorithm') !== algorithm) throw invalidArgument('Only AWS4-HMAC-SHA256 is taken.');
  const scope = readScope(part('x-amz-credential'), signer);
  const text = part('policy');
  mustBeSigned(text, part('x-amz-signature'), { scope, signer });
  if (!part('x-amz-date').startsWith(scope.day)) throw accessDenied('The date is not that of the credential.');
  const policy = readPolicy(text);
  if (nowMs >= Date.parse(policy.expiration)) throw failed('Policy expired.');
  mustMeetConditions(policy, form);
  mustFitSize(policy, form.sizeBytes);
};
