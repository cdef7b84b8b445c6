import { formatMoney } from '#shared/core/money.ts';
import type { GuidePart } from '#shared/program/guide.ts';
import type { Objective } from '#shared/program/plan-rules.ts';
import type { Program } from '#shared/program/program.ts';
import { templatesOf } from '#shared/success-plans/plan-terms.ts';

const target = ({ target: of, unit, dueAfterDays }: Objective): string => {
  const much = of === undefined ? 'as we agree' : typeof of === 'object' ? formatMoney(of) : String(of);
  return [unit ? `${much} ${unit}` : much, ...(dueAfterDays === undefined ? [] : [`by day ${dueAfterDays}`])].join(
    ', ',
  );
};

/** What partners and we plan together. */
export const planParts = (program: Program): readonly GuidePart[] => [
  { kind: 'heading', text: 'Success plans' },
  {
    kind: 'paragraph',
    text: 'Each quarter we propose what both of us want to reach, from one of these and changed to fit you. It holds once you accept it, and so does every change of it. You see at any time how far it is.',
  },
  {
    kind: 'table',
    head: ['Plan', 'Objective', 'Weight', 'Target', 'You', 'We'],
    rows: templatesOf(program).flatMap(({ name, objectives }) =>
      objectives.map((objective) => [
        name,
        objective.title,
        `${objective.weight} %`,
        target(objective),
        objective.owners.partner,
        objective.owners.partnerManager,
      ]),
    ),
  },
];
