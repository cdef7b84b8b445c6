import type { BucketDescription } from '#local/template/system.ts';
import { keepObject, type ObjectRequest, type S3Answer, uploadHeaders } from './object-actions.ts';
import { mustMeetPolicy, type PostedForm } from './post-policy.ts';
import { invalidArgument, S3Error } from './s3-error.ts';
import type { Signer } from './signing-key.ts';

/** What was posted to a bucket. */
export interface Post {
  readonly bucket: BucketDescription;
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

const malformed = (): S3Error =>
  new S3Error(400, 'MalformedPOSTRequest', 'The body of your POST request is not well-formed multipart/form-data.');

/** The fields up to the file, by names in small letters; what comes behind the file is not looked at. */
const readForm = async ({ contentType, body }: Post) => {
  if (!contentType.startsWith('multipart/form-data')) {
    throw new S3Error(412, 'PreconditionFailed', 'Bucket POST must be of the enclosure-type multipart/form-data');
  }
  const fields = new Map<string, string>();
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData().catch(() => {
    throw malformed();
  });
  for (const [name, value] of form) {
    const field = name.toLowerCase();
    if (field === 'file') {
      return {
        fields,
        file: typeof value === 'string' ? Buffer.from(value) : new Uint8Array(await value.arrayBuffer()),
      };
    }
    // Who sends a field twice could be understood in two ways.
    if (typeof value !== 'string' || fields.has(field)) throw malformed();
    fields.set(field, value);
  }
  throw invalidArgument('POST requires exactly one file upload per request.');
};

/** An upload by a form: whoever holds it may send what its policy describes, and nothing else. `nowMs` is machine time. */
export const postObject = async (
  post: Post,
  request: Pick<ObjectRequest, 'store' | 'now' | 'created'>,
  { signer, nowMs }: { readonly signer: Signer; readonly nowMs: number },
): Promise<S3Answer> => {
  const { fields, file } = await readForm(post);
  const form: PostedForm = { bucket: post.bucket.name, fields, sizeBytes: file.length };
  mustMeetPolicy(form, signer, nowMs);
  const key = fields.get('key');
  if (!key) throw invalidArgument(`Bucket POST must contain a field named 'key'.`);
  const version = keepObject(
    { ...request, bucket: post.bucket, key, body: file },
    Object.fromEntries(fields),
    'PostObject',
  );
  return { status: 204, headers: uploadHeaders(post.bucket, version) };
};
