import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { at, listOf, type Value } from './template.ts';

/** The package has no types. */
const validate: (
  definition: Value,
  options: object,
) => { readonly isValid: boolean; readonly errors: readonly unknown[] } = createRequire(import.meta.url)(
  'asl-validator',
);

const workflows = globSync('workflows/**/*.asl.json').sort();
const read = (path: string): Value => JSON.parse(readFileSync(path, 'utf8'));

/** Each workflow as the list of its edges: what is not here cannot happen. */
const edgesOf = (definition: Value): readonly string[] => {
  const states = at(definition, 'States');
  const edges = Object.keys(states ?? {}).flatMap((name) => {
    const state = at(states, name);
    const caught = listOf(at(state, 'Catch')).map((each) => `${name} fails -> ${at(each, 'Next')}`);
    const chosen = listOf(at(state, 'Choices')).map((each) => `${name} chooses -> ${at(each, 'Next')}`);
    const next = at(state, 'Next') ?? at(state, 'Default') ?? (at(state, 'End') ? 'end' : 'nothing');
    return [...chosen, `${name} -> ${next}`, ...caught];
  });
  return [`start -> ${at(definition, 'StartAt')}`, ...edges];
};

test('these are the workflows and all that can happen in them', () => {
  expect(Object.fromEntries(workflows.map((path) => [path, edgesOf(read(path))]))).toEqual({
    'workflows/approvals/approval.asl.json': [
      'start -> Ask',
      'Ask -> FollowUp',
      'Ask fails -> NeedsAttention',
      'FollowUp -> end',
      'FollowUp fails -> NeedsAttention',
      'NeedsAttention -> end',
    ],
    'workflows/health/scoring-run.asl.json': [
      'start -> Load',
      'Load -> Where',
      'Load fails -> NeedsAttention',
      'Where chooses -> Score',
      'Where chooses -> Done',
      'Where -> Close',
      'Score -> Close',
      'Score fails -> NeedsAttention',
      'Close -> end',
      'Close fails -> NeedsAttention',
      'Done -> nothing',
      'NeedsAttention -> end',
    ],
    'workflows/payouts/payout-run.asl.json': [
      'start -> Load',
      'Load -> Where',
      'Load fails -> NeedsAttention',
      'Where chooses -> Collect',
      'Where chooses -> Ask',
      'Where chooses -> Superseded',
      'Where chooses -> Pay',
      'Where chooses -> Release',
      'Where -> Close',
      'Collect -> Freeze',
      'Collect fails -> NeedsAttention',
      'Freeze -> Load',
      'Freeze fails -> NeedsAttention',
      'Ask -> Load',
      'Ask fails -> NeedsAttention',
      'Superseded -> nothing',
      'Pay -> Close',
      'Pay fails -> NeedsAttention',
      'Release -> Close',
      'Release fails -> NeedsAttention',
      'Close -> end',
      'Close fails -> NeedsAttention',
      'NeedsAttention -> end',
    ],
  });
});

test.each(workflows)('%s is written as the service reads it', (path) => {
  const { isValid, errors } = validate(read(path), { checkArn: false });
  expect(errors).toEqual([]);
  expect(isValid).toBe(true);
});

test.each(workflows)('in %s every wait for an answer ends at some time', (path) => {
  const states = Object.values(at(read(path), 'States') ?? {}) as readonly Value[];
  const waits = states.filter((state) => String(at(state, 'Resource')).endsWith('.waitForTaskToken'));
  for (const wait of waits) expect(at(wait, 'TimeoutSeconds')).toBeGreaterThan(0);
});
