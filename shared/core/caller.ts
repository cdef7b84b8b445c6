export const partnerRoles = ['partner_member', 'partner_admin'] as const;
export const staffRoles = ['partner_manager', 'finance', 'admin'] as const;
export const roles = [...partnerRoles, ...staffRoles] as const;
export type Role = (typeof roles)[number];

/** Who is asking, as our own records know them; the authorizer is the only one that makes it from a token. */
export type Caller =
  | { readonly kind: 'anonymous'; readonly id: string }
  | {
      readonly kind: 'user' | 'api_key';
      /** `usr_…` or `key_…`. */
      readonly id: string;
      readonly role: Role;
      /** Set for partner roles, absent for staff. */
      readonly partnerId?: string;
      /** API keys only: what the key was made for, such as `deals:write`. */
      readonly scopes?: readonly string[];
    };

export const isStaff = (role: Role): boolean => (staffRoles as readonly Role[]).includes(role);

export const byStaff = (caller: Caller): boolean => caller.kind !== 'anonymous' && isStaff(caller.role);

/** The partner whom a caller belongs to; undefined for staff. */
export const partnerOf = (caller: Caller): string | undefined =>
  caller.kind === 'anonymous' ? undefined : caller.partnerId;
