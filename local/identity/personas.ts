import type { SignIns } from '#local/aws/sign-ins.ts';
import type { Role } from '#shared/core/caller.ts';
import { derivedId } from '#shared/core/ids.ts';

/** Somebody who can sign in on the laptop. */
export interface Persona {
  /** Our user's id. */
  readonly id: string;
  /** The identity provider's own name of the person. */
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  /** Set for the people of the example program, whose records are made when they sign in. */
  readonly role?: Role;
}

export const personaId = (sub: string): string => (sub.startsWith('usr_') ? sub : derivedId('usr', 'laptop', sub));

const staff = (sub: string, name: string, role: Role): Persona => ({
  id: personaId(sub),
  sub,
  name,
  email: `${sub}@tandem.example`,
  role,
});

/** The vendor's people in the example program; partners' people are there once they were invited. */
const examplePersonas: readonly Persona[] = [
  staff('maya', 'Maya Keller', 'partner_manager'),
  staff('felix', 'Felix Brandt', 'finance'),
  staff('ada', 'Ada Quinn', 'admin'),
];

export const listPersonas = (signIns: SignIns): readonly Persona[] => {
  const known = new Set(examplePersonas.map(({ id }) => id));
  const invited = signIns
    .all()
    .filter(({ username, enabled }) => enabled && !known.has(username))
    .map(({ username, sub, email }) => ({ id: username, sub, name: email, email }));
  return [...examplePersonas, ...invited];
};
