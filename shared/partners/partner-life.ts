import { DomainError, type FieldError } from '#shared/core/errors.ts';
import { moveTo } from '#shared/core/lifecycle.ts';
import type { Money } from '#shared/core/money.ts';
import { type Quarter, quarterOf } from '#shared/core/quarters.ts';
import { addDays, type Day, dayOf } from '#shared/core/time.ts';
import type { Program } from '#shared/program/program.ts';
import { mostTargets, type Partner, partnerLifecycle, type Targets } from './partner.ts';
import { mustBeInTime } from './partner-application.ts';
import { refuseFaults, unknownNames } from './partner-screening.ts';
import { placeTier } from './tier-life.ts';

/** Who accepts which version of the agreement, in whose name. */
export interface Acceptance {
  readonly version: string;
  readonly signerName: string;
  readonly signerTitle: string;
  readonly by: string;
}

/** The partner is active from now on. Throws `partner.agreement_version_differs`, `state.transition_not_allowed`. */
export const acceptAgreement = (partner: Partner, acceptance: Acceptance, now: string): Partner => {
  const status = moveTo(partnerLifecycle, partner.status, 'active');
  // A suspended partner could become active too, but by another door.
  if (partner.status !== 'approved' || !partner.agreement) {
    throw new DomainError('conflict', 'state.transition_not_allowed', 'No agreement waits to be accepted.', {
      facts: { status: partner.status },
    });
  }
  mustBeInTime(partner, now);
  const { agreement } = partner;
  if (acceptance.version !== agreement.version) {
    const detail = `must be ${agreement.version}, the version that was sent`;
    refuseFaults(
      [{ pointer: '#/version', code: 'partner.agreement_version_differs', detail }],
      'This is not the agreement that was sent',
    );
  }
  // Whatever somebody had to look at before, such as an invitation that could not be sent, has not kept the partner from signing.
  const { due: _due, needsAttention: _attention, ...rest } = partner;
  return {
    ...rest,
    status,
    activeAt: now,
    agreement: { ...agreement, acceptedAt: now, acceptedBy: acceptance.by },
    signer: { name: acceptance.signerName, title: acceptance.signerTitle },
  };
};

/** The time for the signature, or for an answer, is over. */
export const lapsePartner = (partner: Partner): Partner => {
  const { due: _due, ...rest } = partner;
  return { ...rest, status: moveTo(partnerLifecycle, partner.status, 'lapsed') };
};

/** Stops new deals and claims, never what is owed. */
export const suspendPartner = (partner: Partner, reason: string, now: string): Partner => ({
  ...partner,
  status: moveTo(partnerLifecycle, partner.status, 'suspended'),
  reason,
  suspendedAt: now,
});

export const reinstatePartner = (partner: Partner, reason: string): Partner => {
  const status = moveTo(partnerLifecycle, partner.status, 'active');
  if (partner.status !== 'suspended') {
    throw new DomainError('conflict', 'state.transition_not_allowed', 'Only a suspended partner is reinstated.', {
      facts: { status: partner.status },
    });
  }
  const { suspendedAt: _at, ...rest } = partner;
  return { ...rest, status, reason };
};

/** The end of a partnership. The company keeps its domain here: it comes back only through a partner manager. */
export const terminatePartner = (partner: Partner, reason: string, now: string): Partner => ({
  ...partner,
  status: moveTo(partnerLifecycle, partner.status, 'terminated'),
  reason,
  terminatedAt: now,
});

/** What may be changed about a partner, by itself or by staff. */
export interface PartnerChanges {
  readonly contacts?: Partner['contacts'] | undefined;
  readonly address?: Partner['company']['address'] | undefined;
  readonly ownerId?: string | undefined;
  readonly region?: string | undefined;
  readonly tier?: string | undefined;
  readonly targets?: Targets | undefined;
  readonly agreedIncentives?: readonly string[] | undefined;
  readonly repPayments?: boolean | undefined;
  /** Why the tier changes. */
  readonly reason?: string | undefined;
  /** The last day on which the tier is kept whatever the figures say. */
  readonly tierUntil?: Day | undefined;
}

const targetFaults = (targets: Targets | undefined, { currency }: Program): readonly FieldError[] =>
  Object.entries(targets ?? {}).flatMap(([quarter, target]) =>
    target.currency === currency
      ? []
      : [
          {
            pointer: `#/targets/${quarter}/currency`,
            code: 'money.currency_mismatch',
            detail: `must be ${currency}, the currency of this program`,
          },
        ],
  );

/** By quarter; one that is named replaces what was agreed before. */
const withTargets = (known: Targets | undefined, more: Targets | undefined): readonly (readonly [Quarter, Money])[] =>
  Object.entries({ ...known, ...more }).sort(([a], [b]) => (a < b ? -1 : 1));

const newest = (targets: readonly (readonly [Quarter, Money])[]): Targets =>
  Object.fromEntries(targets.slice(-mostTargets));

/** The oldest quarters give way, whose targets events remember; what somebody asks for, or what is still to be sold, does not. */
const surplusFaults = (
  { targets: known }: Partner,
  targets: Targets | undefined,
  running: Quarter,
): readonly FieldError[] => {
  const all = withTargets(known, targets).map(([quarter]) => quarter);
  const isLost = all.slice(0, -mostTargets).some((quarter) => quarter >= running || targets?.[quarter]);
  const detail = `must leave at most ${mostTargets} quarters, of which only those that are over give way; these would be ${all.length}`;
  return isLost ? [{ pointer: '#/targets', code: 'partner.too_many_targets', detail }] : [];
};

/** Only what is an alternative can be agreed; every other rule holds for everybody it names. */
const agreementFaults = (agreed: readonly string[] | undefined, { incentives }: Program): readonly FieldError[] => {
  const alternatives = incentives.rules.filter((rule) => rule.alternativeTo !== undefined).map(({ id }) => id);
  return (agreed ?? []).flatMap((id, index) => {
    if (alternatives.includes(id)) return [];
    const detail = `must be one of the program's alternatives: ${alternatives.join(', ') || 'it has none'}`;
    return [{ pointer: `#/agreedIncentives/${index}`, code: 'program.unknown_incentive', detail }];
  });
};

const rememberedDays = 30;
const mostRemembered = 30;

/** The new contacts; addresses that go are remembered for a while. */
const contactsOf = (
  partner: Partner,
  contacts: Partner['contacts'],
  now: string,
): Pick<Partner, 'contacts' | 'formerContacts'> => {
  const stay = new Set(contacts.map(({ email }) => email));
  const gone = partner.contacts.filter(({ email }) => !stay.has(email)).map(({ email }) => ({ email, until: now }));
  const before = formerContactsAt(partner, now).filter(({ email }) => gone.every((other) => other.email !== email));
  const formerContacts = [...before, ...gone].slice(-mostRemembered);
  return { contacts, ...(formerContacts.length > 0 ? { formerContacts } : {}) };
};

const formerContactsAt = ({ formerContacts = [] }: Partner, now: string) =>
  formerContacts.filter(({ until }) => until >= addDays(now, -rememberedDays));

/**
 * The addresses that a partner is known by before a change: of its contacts, and of those who were contacts in the last 30 days, so
 * that changing the contacts first keeps nobody in the dark.
 */
export const addressesBefore = (partner: Partner, now: string): readonly string[] => [
  ...new Set([...partner.contacts, ...formerContactsAt(partner, now)].map(({ email }) => email)),
];

const tierFaults = (
  partner: Partner,
  { tier, tierUntil, reason }: PartnerChanges,
  today: Day,
): readonly FieldError[] => {
  const isDecided = tierUntil !== undefined || (tier !== undefined && tier !== partner.tier);
  return [
    ...(isDecided && reason === undefined
      ? [{ pointer: '#/reason', code: 'partner.reason_missing', detail: 'must say why the tier changes' }]
      : []),
    ...(tierUntil !== undefined && tierUntil < today
      ? [{ pointer: '#/tierUntil', code: 'partner.tier_until_past', detail: 'must be today or a later day' }]
      : []),
  ];
};

/**
 * Throws `program.unknown_region`, `program.unknown_tier`, `program.unknown_incentive`, `money.currency_mismatch`,
 * `partner.too_many_targets`, `partner.reason_missing`, `partner.tier_until_past`, `state.transition_not_allowed`.
 */
export const updatePartner = (
  partner: Partner,
  changes: PartnerChanges,
  { program, now, by = 'system' }: { readonly program: Program; readonly now: string; readonly by?: string },
): Partner => {
  if (partner.status === 'rejected' || partner.status === 'lapsed') {
    throw new DomainError('conflict', 'state.transition_not_allowed', `It is ${partner.status} and stays as it is.`, {
      facts: { status: partner.status },
    });
  }
  const today = dayOf(now, program.timeZone);
  const { address, reason: _r, contacts, targets, tier: _t, tierUntil: _u, ...others } = changes;
  refuseFaults(
    [
      ...unknownNames(changes, program),
      ...targetFaults(changes.targets, program),
      ...surplusFaults(partner, targets, quarterOf(today, program.fiscalYearStart)),
      ...agreementFaults(changes.agreedIncentives, program),
      ...tierFaults(partner, changes, today),
    ],
    'The partner cannot be changed like this',
  );
  const placed = placeTier(partner, changes, { program, now, by });
  return {
    ...placed,
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
    ...(contacts ? contactsOf(partner, contacts, now) : {}),
    ...(targets ? { targets: newest(withTargets(partner.targets, targets)) } : {}),
    ...(address ? { company: { ...partner.company, address } } : {}),
  };
};

/** Throws `partner.not_active`. */
export const mustBeActive = ({ status }: Pick<Partner, 'status'>): void => {
  if (status === 'active') return;
  throw new DomainError('conflict', 'partner.not_active', 'Only an active partner may do this.', { facts: { status } });
};

/** What it agrees to sell in a quarter; the oldest quarters give way. Undefined: that stands already. */
export const agreeTarget = (partner: Partner, quarter: Quarter, target: Money): Partner | undefined => {
  const known = partner.targets?.[quarter];
  if (known?.amountMinor === target.amountMinor && known.currency === target.currency) return undefined;
  return { ...partner, targets: newest(withTargets(partner.targets, { [quarter]: target })) };
};

/** The first approved deal ends the time to productivity. Nothing changes with any later one, or before the partner is active. */
export const markProductive = (partner: Partner, at: string): Partner | undefined =>
  partner.activeAt === undefined || partner.firstDealApprovedAt !== undefined
    ? undefined
    : { ...partner, firstDealApprovedAt: at };
