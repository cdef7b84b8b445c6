import * as z from 'zod';
import { written } from '#shared/core/contacts.ts';
import { registrableDomain, WebsiteUrl } from '#shared/core/domains.ts';
import { Tracked } from '#shared/core/history.ts';
import { derivedId } from '#shared/core/ids.ts';
import { Day, Instant } from '#shared/core/time.ts';

/** An approved registration that was there before direct sales opened an opportunity: it binds direct sales too. */
export const AccountConflict = z
  .strictObject({ dealId: z.string(), partnerId: z.string(), productLine: z.string(), protectedUntil: Instant })
  .meta({ id: 'AccountConflict' });
export type AccountConflict = z.infer<typeof AccountConflict>;

/** What the CRM says of an account. */
export const AccountReport = z
  .strictObject({
    companyName: written(200),
    websiteUrl: WebsiteUrl,
    openOpportunity: z.boolean().meta({ description: 'Direct sales is selling to it right now' }),
    customerSince: Day.optional(),
  })
  .meta({ id: 'AccountReport' });
export type AccountReport = z.infer<typeof AccountReport>;

/** An account that direct sales works on, or has as its customer. The registrable domain identifies it. */
export const KnownAccount = z.object({
  ...Tracked.shape,
  status: z.literal('known'),
  ...AccountReport.shape,
  domain: z.string(),
  /** Who recorded it last, and is told when a partner's registration is approved. */
  ownerId: z.string(),
  conflicts: z.array(AccountConflict),
});
export type KnownAccount = z.infer<typeof KnownAccount>;

export const domainOf = (report: Pick<AccountReport, 'websiteUrl'>): string => {
  const domain = registrableDomain(report.websiteUrl);
  // WebsiteUrl lets in only what has a registrable domain.
  if (domain === undefined) throw new Error('A parsed website has no domain.');
  return domain;
};

/** Live approved registrations stand against a direct opportunity; where there is none, nothing conflicts. */
export const recordAccount = (
  before: KnownAccount | undefined,
  report: AccountReport,
  about: { readonly by: string; readonly now: string; readonly registrations: readonly AccountConflict[] },
): KnownAccount => {
  const domain = domainOf(report);
  const fresh = {
    id: derivedId('acc', domain),
    status: 'known' as const,
    version: 0,
    head: '',
    createdAt: about.now,
    updatedAt: about.now,
  };
  // A report is whole: what it does not say is no longer so.
  const { customerSince: _customerSince, ...kept } = before ?? { ...fresh, customerSince: undefined };
  return {
    ...kept,
    ...report,
    domain,
    ownerId: about.by,
    conflicts: report.openOpportunity ? [...about.registrations] : [],
  };
};
