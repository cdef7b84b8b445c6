import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import * as z from 'zod';
import { keepJson } from '#local/kept/json-file.ts';

export interface SigningKey {
  /** The private key, with `kid`, `alg` and `use`. */
  readonly jwk: JWK;
  readonly key: Awaited<ReturnType<typeof importJWK>>;
}

const Kept = z.object({ jwk: z.record(z.string(), z.string()) });

/** The key that both the identity provider and `/local/token` sign with; made once and kept, so that tokens outlive a restart. */
export const loadSigningKey = async (file: string | undefined): Promise<SigningKey> => {
  const kept = keepJson(file, Kept, () => ({ jwk: {} }));
  if (kept.value.jwk.kid === undefined) {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const made = { ...(await exportJWK(privateKey)), kid: 'laptop', alg: 'RS256', use: 'sig' };
    kept.value.jwk = Kept.shape.jwk.parse(made);
    kept.save();
  }
  const jwk: JWK = kept.value.jwk;
  return { jwk, key: await importJWK(jwk, 'RS256') };
};
