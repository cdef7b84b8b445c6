import { registrableDomain } from '#shared/core/domains.ts';
import { DomainError, type FieldError } from '#shared/core/errors.ts';
import type { Program } from '#shared/program/program.ts';
import { type Application, companyOf, type Partner, type ScreeningCheck } from './partner.ts';

const oneOf = (ids: readonly string[]): string => `must be one of the program's: ${ids.join(', ')}`;

/** Fields that name things of the program which it does not have. */
export const unknownNames = (
  given: {
    readonly types?: readonly string[];
    readonly region?: string | undefined;
    readonly tier?: string | undefined;
  },
  program: Program,
): readonly FieldError[] => {
  const types = program.partnerTypes.map(({ id }) => id);
  const tiers = program.tiers.map(({ id }) => id);
  const wrong = (known: readonly string[], value: string | undefined): boolean =>
    value !== undefined && !known.includes(value);
  const faults: FieldError[] = (given.types ?? []).flatMap((type, index) =>
    wrong(types, type)
      ? [{ pointer: `#/types/${index}`, code: 'program.unknown_partner_type', detail: oneOf(types) }]
      : [],
  );
  if (wrong(program.regions, given.region)) {
    faults.push({ pointer: '#/region', code: 'program.unknown_region', detail: oneOf(program.regions) });
  }
  if (wrong(tiers, given.tier)) faults.push({ pointer: '#/tier', code: 'program.unknown_tier', detail: oneOf(tiers) });
  return faults;
};

const answerFaults = (answers: Application['answers'], program: Program): readonly FieldError[] => {
  const { evaluation, requiredAnswers } = program.onboarding;
  const known = evaluation.map(({ id }) => id);
  const missing = requiredAnswers.filter((id) => answers[id] === undefined);
  const unknown = Object.keys(answers).filter((id) => !known.includes(id));
  return [
    ...missing.map((id) => ({
      pointer: `#/answers/${id}`,
      code: 'partner.answer_missing',
      detail: evaluation.find((criterion) => criterion.id === id)?.question ?? 'must be answered',
    })),
    ...unknown.map((id) => ({
      pointer: `#/answers/${id}`,
      code: 'program.unknown_criterion',
      detail: oneOf(known),
    })),
  ];
};

const countryFaults = ({ company }: Application, program: Program): readonly FieldError[] =>
  program.onboarding.blockedCountries.includes(company.address.countryCode)
    ? [
        {
          pointer: '#/company/address/countryCode',
          code: 'partner.country_blocked',
          detail: `the program takes no partners from ${company.address.countryCode}`,
        },
      ]
    : [];

/** Throws the first broken rule's code, with every broken rule among its errors. */
export const refuseFaults = (faults: readonly FieldError[], what: string): void => {
  const [first] = faults;
  if (!first) return;
  const words = faults.map(({ pointer, detail }) => `${pointer.slice(2)} ${detail}`).join('; ');
  throw new DomainError('rule', first.code, `${what}: ${words}.`, { errors: faults });
};

/** Throws `partner.country_blocked`, `program.unknown_partner_type`, `program.unknown_region`, `partner.answer_missing` … */
export const checkApplication = (input: Application, program: Program): void =>
  refuseFaults(
    [...countryFaults(input, program), ...unknownNames(input, program), ...answerFaults(input.answers, program)],
    'The program does not take this application',
  );

const checkContacts = (input: Application): ScreeningCheck => {
  const { domain } = companyOf(input);
  const others = input.contacts.flatMap(({ email }) => {
    const theirs = registrableDomain(email.slice(email.lastIndexOf('@') + 1)) ?? 'an address without a domain';
    return theirs === domain ? [] : [theirs];
  });
  const check = 'contact_domain';
  if (others.length === 0) return { check, outcome: 'pass', detail: `All contacts write from ${domain}.` };
  return { check, outcome: 'warn', detail: `The website is ${domain}, but contacts write from ${others.join(', ')}.` };
};

const pass = (check: string, detail: string): ScreeningCheck => ({ check, outcome: 'pass', detail });

/**
 * What the machine says to the reviewer about an application that `checkApplication` let in. Duplicates are found by the write
 * itself; a company whose partnership was terminated gets this far only through staff, and then needs a person.
 */
export const screen = (input: Application, terminatedBefore: boolean): readonly ScreeningCheck[] => [
  pass('blocked_country', `${input.company.address.countryCode} is open to the program.`),
  pass('required_answers', 'All required questions are answered.'),
  terminatedBefore
    ? { check: 'duplicate', outcome: 'fail', detail: 'An earlier partnership of this company was terminated.' }
    : pass('duplicate', 'No other application or partner has this domain.'),
  checkContacts(input),
];

/** Whether nobody needs to look: every type is one that the program admits without review, and no check failed. */
export const needsNoReview = (partner: Pick<Partner, 'types' | 'checks'>, program: Program): boolean =>
  partner.types.every((type) => program.partnerTypes.some((it) => it.id === type && it.admittedWithoutReview)) &&
  partner.checks.every((it) => it.outcome !== 'fail');
