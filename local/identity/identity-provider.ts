import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Configuration, Provider } from 'oidc-provider';
import { readBody } from '#local/gateway/read-body.ts';
import { memoryAdapter } from './memory-adapter.ts';
import type { Persona } from './personas.ts';
import { signInPage } from './sign-in-page.ts';
import { accessClaims, type TokenIssuer } from './tokens.ts';

export interface IdentityProviderOptions extends TokenIssuer {
  /** Where the portal is served: the only place that sign-in leads back to. */
  readonly portalUrl: string;
  readonly personas: () => readonly Persona[];
  /** Called before a person is signed in, so that our own record of them is there. */
  readonly signsIn: (persona: Persona) => Promise<void>;
}

const hour = 3600;

/** Whoever signs in agrees: the portal is the only client, and it is ours. */
const grantEverything =
  ({ clientId, portalUrl }: IdentityProviderOptions): NonNullable<Configuration['loadExistingGrant']> =>
  async (context) => {
    const { client, session, provider } = context.oidc;
    const kept = session?.grantIdFor(clientId);
    if (kept) return provider.Grant.find(kept);
    const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
    grant.addOIDCScope('openid email');
    grant.addResourceScope(portalUrl, 'openid email');
    await grant.save();
    return grant;
  };

/** Without a resource the library issues access tokens that only itself can read. */
const resources = ({ clientId, portalUrl }: IdentityProviderOptions) => ({
  enabled: true,
  defaultResource: () => portalUrl,
  useGrantedResource: () => true,
  getResourceServerInfo: () => ({
    scope: 'openid email',
    audience: clientId,
    accessTokenFormat: 'jwt' as const,
    accessTokenTTL: hour,
    jwt: { sign: { alg: 'RS256' as const } },
  }),
});

const configure = (options: IdentityProviderOptions) => {
  const { portalUrl, clientId, signingKey, personas } = options;
  const find = (sub: string | undefined): Persona | undefined => personas().find((persona) => persona.sub === sub);
  return new Provider(options.issuer, {
    adapter: memoryAdapter,
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [`${portalUrl}/signed-in`],
        post_logout_redirect_uris: [portalUrl],
      },
    ],
    jwks: { keys: [signingKey.jwk] },
    routes: { jwks: '/.well-known/jwks.json' },
    pkce: { required: () => true },
    scopes: ['openid', 'email'],
    claims: { openid: ['sub', 'cognito:username'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    clientBasedCORS: () => true,
    cookies: { keys: [signingKey.jwk.n ?? ''] },
    ttl: {
      AccessToken: hour,
      IdToken: hour,
      RefreshToken: 24 * hour,
      Session: 24 * hour,
      Grant: 24 * hour,
      Interaction: hour,
    },
    interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
    issueRefreshToken: async () => true,
    findAccount: (_, sub) => {
      const persona = find(sub);
      if (!persona) return undefined;
      const claims = { sub, 'cognito:username': persona.id, email: persona.email, email_verified: true };
      return { accountId: sub, claims: async () => claims };
    },
    loadExistingGrant: grantEverything(options),
    features: { devInteractions: { enabled: false }, resourceIndicators: resources(options) },
    formats: {
      customizers: {
        jwt: (_, token, parts) => {
          const persona = find('accountId' in token ? token.accountId : undefined);
          Object.assign(parts.payload, accessClaims({ sub: '', username: persona?.id ?? '' }, clientId));
        },
      },
    },
  });
};

/** OpenID Connect with code and PKCE for one public client, as the user pool offers it; people choose a persona instead of typing a password. */
export const createIdentityProvider = (options: IdentityProviderOptions): RequestListener => {
  const provider = configure(options);
  const serve = provider.callback();

  const signIn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(signInPage(options.personas(), request.url ?? ''));
      return;
    }
    const body = await readBody(request, 10_000);
    const chosen = new URLSearchParams(body?.toString()).get('username');
    const persona = options.personas().find(({ id }) => id === chosen);
    if (!persona) {
      response.writeHead(400).end('There is no such person.');
      return;
    }
    await options.signsIn(persona);
    await provider.interactionFinished(request, response, { login: { accountId: persona.sub } });
  };
  return (request, response) => {
    if (!request.url?.startsWith('/sign-in/')) return void serve(request, response);
    signIn(request, response).catch((error: unknown) => {
      response.writeHead(400, { 'content-type': 'text/plain' });
      response.end(`Begin again in the portal: ${error instanceof Error ? error.message : error}`);
    });
  };
};
