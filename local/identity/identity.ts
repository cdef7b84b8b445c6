import { createServer, type RequestListener } from 'node:http';
import * as z from 'zod';
import type { SignIns } from '#local/aws/sign-ins.ts';
import { keepJson } from '#local/kept/json-file.ts';
import { listen } from '#local/listen.ts';
import type { Role } from '#shared/core/caller.ts';
import { listPersonas, type Persona, personaId } from './personas.ts';
import { loadSigningKey } from './signing-key.ts';
import { issueAccessToken } from './tokens.ts';

export interface IdentityOptions {
  /** Path of a file of this name that outlives the process; undefined when nothing is kept. */
  readonly file: (name: string) => string | undefined;
  readonly signIns: SignIns;
  readonly portalUrl: () => string;
  /** Makes our own record of a person if it is not there, and answers its id; throws when it says something else. */
  readonly ensureRecord: (person: Person) => Promise<string>;
}

/** Somebody whose record of ours is to be there. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly partnerId?: string | undefined;
}

export interface TokenWish {
  readonly role: Role;
  readonly partnerId?: string | undefined;
  readonly sub?: string | undefined;
  readonly email?: string | undefined;
}

export interface Identity {
  readonly issuer: string;
  /** Opens the sign-in pages for this client. */
  readonly serve: (clientId: string) => void;
  /** A token for whoever is asked for; the same wish gets the same person again. */
  readonly issueToken: (wish: TokenWish) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** The port is part of every token's issuer, so it is the same again after a restart whenever it is free. */
const listenAgain = async (listener: RequestListener, file: string | undefined) => {
  const kept = keepJson(file, z.object({ port: z.int() }), () => ({ port: 0 }));
  const server = createServer(listener);
  const port = await listen(server, kept.value.port).catch(() => listen(server, 0));
  kept.value.port = port;
  kept.save();
  return { server, port };
};

/** The identity provider on a port of its own, with the tokens it would issue for the asking. */
export const startIdentity = async (options: IdentityOptions): Promise<Identity> => {
  const { signIns, ensureRecord } = options;
  let listener: Promise<RequestListener> | undefined;
  const signingKey = await loadSigningKey(options.file('signing-key.json'));
  const { server, port } = await listenAgain((request, response) => {
    const pending = listener ?? Promise.reject(new Error('Identity is not ready yet.'));
    pending.then(
      (serve) => serve(request, response),
      () => response.writeHead(503).end(),
    );
  }, options.file('identity.json'));
  const issuer = `http://localhost:${port}`;
  let client = '';

  const signsIn = async ({ id, email, role }: Persona): Promise<void> => {
    if (role) await ensureRecord({ id, email, role });
  };
  const load = async (): Promise<RequestListener> => {
    const { createIdentityProvider } = await import('./identity-provider.ts');
    const personas = () => listPersonas(signIns);
    const portalUrl = options.portalUrl();
    return createIdentityProvider({ issuer, clientId: client, signingKey, portalUrl, personas, signsIn });
  };
  return {
    issuer,
    serve: (clientId) => {
      client = clientId;
      listener = load();
    },
    issueToken: async ({ role, partnerId, sub = [role, partnerId].filter(Boolean).join('-'), email }) => {
      const address = email ?? `${sub.toLowerCase().replace(/[^a-z0-9.-]+/g, '-')}@laptop.example`;
      const username = await ensureRecord({ id: personaId(sub), email: address, role, partnerId });
      const known = signIns.all().some((signIn) => signIn.username === username);
      if (!known) signIns.add({ username, sub, email: address, enabled: true });
      return issueAccessToken({ issuer, clientId: client, signingKey }, { sub, username });
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
