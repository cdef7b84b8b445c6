import { formatMoney, type Money } from '#shared/core/money.ts';
import { healthParts } from '#shared/program/guide-health.ts';
import { planParts } from '#shared/program/guide-plans.ts';
import { rateOf, ruleConditions } from '#shared/program/guide-rates.ts';
import { taxFormSentences } from '#shared/program/guide-tax-forms.ts';
import { criteriaRows, reviewSentence } from '#shared/program/guide-tiers.ts';
import type { Program } from '#shared/program/program.ts';

/** The guide as a list of parts; Markdown, page and PDF are made from the same. All texts are plain, without markup. */
export type GuidePart =
  | { readonly kind: 'title'; readonly text: string; readonly subtitle: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** A program in force, as its guide names it. */
export interface GuideOf {
  readonly version: number;
  readonly effectiveFrom: string;
  readonly program: Program;
}

const heading = (text: string): GuidePart => ({ kind: 'heading', text });
const paragraph = (text: string): GuidePart => ({ kind: 'paragraph', text });
const list = (items: readonly (string | false)[]): GuidePart => ({
  kind: 'list',
  items: items.filter((item) => item !== false),
});

/** `1 day`, `30 days`. */
const count = (quantity: number, unit: string): string => `${quantity} ${unit}${quantity === 1 ? '' : 's'}`;

/** `a, b and c`. */
const enumerate = (words: readonly string[]): string =>
  new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(words);

const longDay = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'long' }).format(Date.parse(at));

const title = ({ program, version, effectiveFrom }: GuideOf): readonly GuidePart[] => [
  {
    kind: 'title',
    text: program.name,
    subtitle: `Partner program guide · version ${version} · in force from ${longDay(effectiveFrom, program.timeZone)}`,
  },
  paragraph(
    `This guide says how our partner program works: who can be a partner, what each tier gets, how deals are registered and protected, what is paid and when. It is made from the rules that the program itself runs on, so what you read here is what happens. All amounts are in ${program.currency}.`,
  ),
];

const orNone = (amount: Money | undefined): string => (amount && amount.amountMinor > 0 ? formatMoney(amount) : '–');
const percentOrNone = (percent: number | undefined): string => (percent ? `${percent} %` : '–');
const yes = (given: boolean | undefined): string => (given ? 'Yes' : '–');

const tiers = ({ tiers, tierReviews }: Program): readonly GuidePart[] => {
  const rows: readonly (readonly string[])[] = [
    ...criteriaRows(tiers),
    ['Commission', ...tiers.map(({ benefits }) => percentOrNone(benefits.commissionPercent))],
    ['Margin', ...tiers.map(({ benefits }) => percentOrNone(benefits.marginPercent))],
    ['Market development funds a quarter', ...tiers.map(({ benefits }) => orNone(benefits.mdfPerQuarter))],
    ['Open registrations', ...tiers.map(({ benefits }) => String(benefits.openRegistrationLimit ?? 'No limit'))],
    ['A partner manager of your own', ...tiers.map(({ benefits }) => yes(benefits.partnerManager))],
    ['Leads from us', ...tiers.map(({ benefits }) => yes(benefits.leads))],
    ['First in the review queue', ...tiers.map(({ benefits }) => yes(benefits.firstInReviewQueue))],
    ['And also', ...tiers.map(({ benefits }) => benefits.more?.join(', ') || '–')],
  ];
  const told = rows.filter(([, ...cells]) => cells.some((cell) => cell !== '–'));
  const [first] = tiers;
  return [
    heading('Tiers and benefits'),
    paragraph(tiers.length > 1 ? `All begin as ${first?.name}. ${reviewSentence(tierReviews)}` : 'There is one tier.'),
    { kind: 'table', head: ['', ...tiers.map((tier) => tier.name)], rows: told },
  ];
};

const becoming = ({ partnerTypes, onboarding, approvals }: Program): readonly GuidePart[] => {
  const countries = new Intl.DisplayNames('en', { type: 'region' });
  const atOnce = partnerTypes.filter((type) => type.admittedWithoutReview).map((type) => type.name);
  const byReview = partnerTypes.filter((type) => !type.admittedWithoutReview).map((type) => type.name);
  const { agreement, evaluation, blockedCountries, successPlan } = onboarding;
  const due = count(approvals.partner_application.dueAfterBusinessDays, 'business day');
  return [
    heading('Becoming a partner'),
    list([
      byReview.length > 0 &&
        `A partner manager reviews applications of these types within ${due}: ${enumerate(byReview)}.`,
      atOnce.length > 0 && `These types are admitted at once when nothing speaks against it: ${enumerate(atOnce)}.`,
      `What we look at: ${enumerate(evaluation.map(({ name, weight }) => `${name.toLowerCase()} (${weight} %)`))}.`,
      `After approval you accept the ${agreement.title.toLowerCase()} (version ${agreement.version}) within ${count(agreement.lapseDays, 'day')}; then you are in.`,
      `If we ask you for more, you have ${count(onboarding.returnedLapseDays, 'day')} to answer.`,
      blockedCountries.length > 0 &&
        `We cannot accept applications from ${enumerate(blockedCountries.map((code) => countries.of(code) ?? code))}.`,
    ]),
    ...(successPlan.length > 0
      ? [
          paragraph('Your first weeks:'),
          {
            kind: 'table',
            head: ['What', 'Who', 'Until'],
            rows: successPlan.map(({ title: what, owner, dueAfterDays }) => [
              what,
              owner === 'partner' ? 'You' : 'We',
              `day ${dueAfterDays}`,
            ]),
          } satisfies GuidePart,
        ]
      : []),
  ];
};

const registering = ({ deals, approvals, productLines, territories }: Program): readonly GuidePart[] => {
  const warnings = [...deals.warningDays].sort((a, b) => b - a).map(String);
  const { autoApproveBelow: limit, lateApproval: late } = deals;
  const due = count(approvals.deal_registration.dueAfterBusinessDays, 'business day');
  return [
    heading('Registering deals'),
    paragraph(
      `Register an opportunity and, once it is approved, nobody else can register the same customer for the same product line. Product lines: ${enumerate(productLines.map((line) => line.name))}.`,
    ),
    list([
      deals.minimumValue.amountMinor > 0
        ? `A deal is worth ${formatMoney(deals.minimumValue)} or more and is expected to close within ${count(deals.closeWithinMonths, 'month')}.`
        : `A deal of any size can be registered when it is expected to close within ${count(deals.closeWithinMonths, 'month')}.`,
      limit !== undefined && `Below ${formatMoney(limit)} a registration that passes all checks is approved at once.`,
      `Otherwise a partner manager decides within ${due}.`,
      late.enabled &&
        `Should we be late, a registration that passed all checks approves itself after ${count(late.afterBusinessDays, 'business day')}.`,
      `Approval protects the deal for ${count(deals.protectionDays, 'day')}.`,
      deals.extensionDays > 0 &&
        `You may extend it once by ${count(deals.extensionDays, 'day')}: ask before it ends and tell us how it goes.`,
      warnings.length > 0 && `We remind you ${enumerate(warnings)} days before the protection ends.`,
      deals.coolOffDays > 0
        ? `After that the customer is free for everybody; for you again after ${count(deals.coolOffDays, 'day')}, as after a loss or a withdrawal.`
        : 'After that the customer is free for everybody.',
      Boolean(deals.newAfterWinMonths) &&
        `After a win, a new-customer deal for the same customer and product line waits ${count(deals.newAfterWinMonths ?? 0, 'month')}; expansions and renewals do not.`,
      deals.knownAccounts === 'review'
        ? 'An account that our own sales team works on is looked at by a person before we answer.'
        : 'An account that our own sales team works on cannot be registered.',
      `If we ask you for more, you have ${count(deals.returnedLapseDays, 'day')} to answer.`,
    ]),
    ...(territories.length > 0
      ? [paragraph('Where you may register:'), list(territories.map((rule) => rule.text))]
      : []),
  ];
};

const earning = (program: Program): readonly GuidePart[] => {
  const { incentives } = program;
  return [
    heading('What you earn'),
    {
      kind: 'table',
      head: ['Incentive', 'You get', 'When'],
      rows: incentives.rules.map((rule) => [rule.name, rateOf(rule, program), ruleConditions(rule, program)]),
    },
    list([
      incentives.earnedWhen === 'invoice-paid'
        ? 'It is earned when the customer has paid our invoice.'
        : 'It is earned when the deal is won.',
      incentives.clawbackDays > 0 &&
        `If the customer is refunded or leaves within ${count(incentives.clawbackDays, 'day')}, it is taken back by an entry of its own.`,
      incentives.rules.some(({ direction }) => direction === 'to-us') &&
        'What goes from you to us is set against what we owe you, by an entry of its own.',
      'What you registered is paid by the version of the program under which you registered it, whatever changes later.',
    ]),
  ];
};

const kindName = (kind: string): string => (kind === 'spiff' ? 'SPIFF' : kind.replaceAll('-', ' '));

const marketing = ({ mdf, tiers: all, approvals, payouts }: Program): readonly GuidePart[] => {
  const budgets = all.filter(({ benefits }) => (benefits.mdfPerQuarter?.amountMinor ?? 0) > 0);
  if (mdf.activityTypes.length === 0) return [];
  return [
    heading('Market development funds (MDF)'),
    list([
      budgets.length > 0 &&
        `A quarter's budget: ${enumerate(budgets.map(({ name, benefits }) => `${orNone(benefits.mdfPerQuarter)} for ${name}`))}.`,
      `Ask before you spend; we decide within ${count(approvals.mdf_request.dueAfterBusinessDays, 'business day')} and reserve the budget.`,
      `We bear up to ${mdf.sharePercent} % of the cost, net of VAT.`,
      `Claim within ${count(mdf.claimWithinDays, 'day')} of the activity's end; finance decides within ${count(approvals.mdf_claim.dueAfterBusinessDays, 'business day')}.`,
      `If we ask you for more, you have ${count(mdf.returnedLapseDays, 'day')} to answer.`,
      payouts.disputeWithinDays > 0 &&
        `What we refuse of a claim you may dispute within ${count(payouts.disputeWithinDays, 'day')}; somebody else answers, and it stays reserved until then.`,
    ]),
    {
      kind: 'table',
      head: ['Activity', 'Needed with the claim'],
      rows: mdf.activityTypes.map(({ name, proofs }) => [name, enumerate(['invoice', ...proofs.map(kindName)])]),
    },
  ];
};

const paying = ({ payouts }: Program): readonly GuidePart[] => {
  const differing = Object.entries(payouts.holdDaysOf ?? {}).map(
    ([kind, days = payouts.holdDays]) => `${kindName(kind)}: ${days === 0 ? 'no wait' : count(days, 'day')}`,
  );
  return [
    heading('Getting paid'),
    list([
      `We pay every ${payouts.every}, on day ${payouts.dayOfMonth} of the month after, what was payable at its end.`,
      `What you earned is payable after ${count(payouts.holdDays, 'day')}${differing.length > 0 ? ` (${differing.join('; ')})` : ''}.`,
      `We pay from ${formatMoney(payouts.minimum)}; less is carried over to the next time.`,
      payouts.payeeChangeHoldHours > 0 &&
        `When your bank details change, nothing is paid for ${count(payouts.payeeChangeHoldHours, 'hour')}, and we tell you at the old address.`,
      ...taxFormSentences(payouts),
      `You see every line and where it comes from, and may dispute it within ${count(payouts.disputeWithinDays, 'day')}; that holds back this line alone.`,
    ]),
  ];
};

/** The guide that partners are given: the program file in plain words. */
export const guideOf = (of: GuideOf): readonly GuidePart[] => [
  ...title(of),
  ...tiers(of.program),
  ...becoming(of.program),
  ...registering(of.program),
  ...earning(of.program),
  ...marketing(of.program),
  ...paying(of.program),
  ...planParts(of.program),
  ...healthParts(of.program),
];
