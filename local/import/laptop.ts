import * as z from 'zod';
import { type Api, ask } from '#local/import/api-client.ts';
import { derivedId } from '#shared/core/ids.ts';

const Clock = z.object({ now: z.string() });
const Token = z.object({ accessToken: z.string() });
const UserClaims = z.object({ username: z.string() });

/** What only a laptop offers: its clock and its tokens. */
export interface Laptop {
  readonly now: () => Promise<string>;
  readonly freeze: () => Promise<void>;
  readonly unfreeze: () => Promise<void>;
  /** Returns once everything due on the way has happened and the system is quiet. */
  readonly moveTo: (instant: string) => Promise<void>;
  /** A token as the identity provider would issue it. The same person always gets the same user. */
  readonly signIn: (person: Person) => Promise<string>;
}

export interface Person {
  readonly role: 'partner_manager' | 'partner_admin' | 'finance';
  readonly email: string;
  readonly partnerId?: string;
}

/** Whether the system behind this address is a laptop: a deployed one has no `/local`. */
export const isLaptop = async (api: Api): Promise<boolean> => {
  const answer = await api.send({ method: 'GET', path: '/local/clock' });
  return answer.status === 200 && Clock.safeParse(answer.body).success;
};

/** The user id in an access token. Read without checking the signature: it is our own token, and only used to name its owner. */
export function userIdOf(token: string): string {
  const payload = token.split('.')[1] ?? '';
  return UserClaims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).username;
}

export function laptopOf(api: Api): Laptop {
  const tokens = new Map<string, Promise<string>>();
  const setClock = (body: object) => ask(api, { method: 'POST', path: '/local/clock', body }, Clock);
  const issue = async (person: Person): Promise<string> => {
    const body = { ...person, sub: derivedId('usr', 'import', person.email) };
    return (await ask(api, { method: 'POST', path: '/local/token', body }, Token)).accessToken;
  };
  return {
    now: async () => (await ask(api, { method: 'GET', path: '/local/clock' }, Clock)).now,
    freeze: async () => void (await setClock({ mode: 'frozen' })),
    unfreeze: async () => void (await setClock({ mode: 'running' })),
    moveTo: async (instant) => void (await setClock({ to: instant })),
    signIn: (person) => {
      const token = tokens.get(person.email) ?? issue(person);
      tokens.set(person.email, token);
      return token;
    },
  };
}
