import * as z from 'zod';
import { type Kept, keepJson } from '#local/kept/json-file.ts';
import type { ServiceAnswer } from './aws-services.ts';

const SignIn = z.object({
  /** Our user's id. */
  username: z.string(),
  /** The identity provider's own name of the person, as `sub` stands in tokens. */
  sub: z.string(),
  email: z.string(),
  enabled: z.boolean(),
});
export type SignIn = z.infer<typeof SignIn>;

const Attributes = z.array(z.object({ Name: z.string(), Value: z.string().default('') })).default([]);
const Named = z.looseObject({ Username: z.string(), UserAttributes: Attributes });

export interface SignIns {
  readonly all: () => readonly SignIn[];
  readonly add: (signIn: SignIn) => void;
  /** The operations of Cognito that the system uses, by name. */
  readonly operations: Readonly<Record<string, (body: unknown) => ServiceAnswer>>;
}

const describe = ({ username, sub, email, enabled }: SignIn) => ({
  Username: username,
  Enabled: enabled,
  UserStatus: 'CONFIRMED',
  attributes: [
    { Name: 'sub', Value: sub },
    { Name: 'email', Value: email },
    { Name: 'email_verified', Value: 'true' },
  ],
});

const missing: ServiceAnswer = { error: 'UserNotFoundException', message: 'User does not exist.' };

/** Who can sign in: what the system asked Cognito to create, kept for the identity pages. */
export const createSignIns = (file: string | undefined): SignIns => {
  const kept: Kept<Record<string, SignIn>> = keepJson(file, z.record(z.string(), SignIn), () => ({}));
  const put = (signIn: SignIn): void => {
    kept.value[signIn.username] = signIn;
    kept.save();
  };
  const create = (body: unknown): ServiceAnswer => {
    const { Username, UserAttributes } = Named.parse(body);
    if (kept.value[Username]) return { error: 'UsernameExistsException', message: 'User account already exists' };
    const email = UserAttributes.find(({ Name }) => Name === 'email')?.Value ?? '';
    const signIn = { username: Username, sub: `sub-${Username}`, email, enabled: true };
    put(signIn);
    const { attributes, ...described } = describe(signIn);
    return { result: { User: { ...described, Attributes: attributes } } };
  };
  const change =
    (enabled: boolean) =>
    (body: unknown): ServiceAnswer => {
      const signIn = kept.value[Named.parse(body).Username];
      if (!signIn) return missing;
      put({ ...signIn, enabled });
      return { result: {} };
    };
  return {
    all: () => Object.values(kept.value),
    add: put,
    operations: {
      AdminCreateUser: create,
      AdminEnableUser: change(true),
      AdminDisableUser: change(false),
      AdminUserGlobalSignOut: () => ({ result: {} }),
      AdminGetUser: (body) => {
        const signIn = kept.value[Named.parse(body).Username];
        if (!signIn) return missing;
        const { attributes, ...described } = describe(signIn);
        return { result: { ...described, UserAttributes: attributes } };
      },
    },
  };
};
