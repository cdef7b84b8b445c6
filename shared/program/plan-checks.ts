import { kindFaults, markFault, unitFaults } from '#shared/program/health-checks.ts';
import type { Objective, PlanTemplate } from '#shared/program/plan-rules.ts';
import type { Program } from '#shared/program/program.ts';
import type { ProgramFault } from '#shared/program/program-fault.ts';

type Path = ProgramFault['path'];

const fault = (path: Path, message: string): ProgramFault => ({ path, message });

const measureFaults = ({ facts, how, unit, target }: Objective, path: Path): ProgramFault[] => {
  if (!facts)
    return [
      ...(how ? [fault([...path, 'how'], 'is for objectives that name "facts"')] : []),
      ...(typeof target === 'object'
        ? [fault([...path, 'target'], 'must be a plain number where facts do not tell')]
        : []),
    ];
  return [
    ...kindFaults(facts, [...path, 'facts']),
    ...(how ? [] : [fault(path, 'names "facts" and must have "how"')]),
    ...(unit ? [fault([...path, 'unit'], 'is for what is told by hand: facts have a unit of their own')] : []),
    ...unitFaults({ facts, how }, path),
    ...markFault(target, { facts, how }, [...path, 'target']),
  ];
};

/** Only what the partner closes is what it sells. */
const salesFaults = ({ salesTarget, facts, how, dueAfterDays }: Objective, path: Path): ProgramFault[] => {
  if (!salesTarget) return [];
  const isSales = how === 'sum' && facts?.every((kind) => kind.startsWith('deal.won.sourced.'));
  if (isSales && dueAfterDays === undefined) return [];
  return [
    fault(
      [...path, 'salesTarget'],
      'can be said only of the sum of won deals that were sourced, and of whole quarters',
    ),
  ];
};

const objectiveFaults = (objective: Objective, path: Path): ProgramFault[] => {
  const { id, target } = objective;
  const mark = typeof target === 'object' ? target.amountMinor : target;
  return [
    ...measureFaults(objective, path),
    ...(mark !== undefined && mark <= 0 ? [fault([...path, 'target'], 'must be more than 0')] : []),
    ...salesFaults(objective, path),
    // Plans keep what was told by these names, and every object of JavaScript has a constructor.
    ...(id === 'constructor' ? [fault([...path, 'id'], 'must not be "constructor"')] : []),
  ];
};

/** What the objectives of a plan must have to do with each other, and with the facts there are; `pathOf` says where one stands. */
export const objectivesFaults = (
  objectives: readonly Objective[],
  path: Path,
  pathOf: (objective: Objective, index: number) => Path,
): ProgramFault[] => {
  const sum = objectives.reduce((total, { weight }) => total + weight, 0);
  const sales = objectives.filter(({ salesTarget }) => salesTarget);
  const dated = objectives.filter(({ dueAfterDays }) => dueAfterDays !== undefined);
  return [
    ...objectives.flatMap((objective, index) => objectiveFaults(objective, pathOf(objective, index))),
    ...(sum === 100 ? [] : [fault(path, `must have weights that sum to 100, but they sum to ${sum}`)]),
    ...(sales.length > 1 ? [fault(path, 'must have one objective with "salesTarget" at most')] : []),
    ...(dated.length > 0 && dated.length < objectives.length
      ? [fault(path, 'must have "dueAfterDays" in all objectives, or in none')]
      : []),
  ];
};

const activationFaults = (templates: readonly PlanTemplate[]): ProgramFault[] =>
  templates
    .flatMap((template, index) => (template.onActivation ? [{ template, path: ['successPlans', index] }] : []))
    .flatMap(({ template, path }, place) => [
      ...(place > 0 ? [fault([...path, 'onActivation'], 'can be said of one template only')] : []),
      ...template.objectives.flatMap(({ target, dueAfterDays }, index) =>
        target === undefined || dueAfterDays === undefined
          ? [
              fault(
                [...path, 'objectives', index],
                'must have "target" and "dueAfterDays": nobody fills in a first plan',
              ),
            ]
          : [],
      ),
    ]);

const repeats = (things: readonly { readonly id: string }[], path: Path): ProgramFault[] =>
  things.flatMap(({ id }, index) =>
    things.findIndex((other) => other.id === id) < index
      ? [fault([...path, index, 'id'], `repeats "${id}", which is already there`)]
      : [],
  );

/** Of the templates in a program file. */
export const planFaults = ({ successPlans = [] }: Pick<Program, 'successPlans'>): ProgramFault[] => [
  ...repeats(successPlans, ['successPlans']),
  ...successPlans.flatMap(({ objectives }, index) => {
    const path = ['successPlans', index, 'objectives'];
    return [...repeats(objectives, path), ...objectivesFaults(objectives, path, (_, place) => [...path, place])];
  }),
  ...activationFaults(successPlans),
];
