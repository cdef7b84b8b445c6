import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { momentsOf } from '#local/import/plan.ts';
import { checkProgram } from '#local/import/program-in-force.ts';
import { sampleFirstDay, sampleLastDay, samplePlan } from '#local/import/sample.ts';
import { parseProgram } from '#shared/program/parse-program.ts';

const example = parseProgram(readFileSync('examples/program.yaml', 'utf8'));
const program = { ...example, version: 1, partnerTypes: example.partnerTypes.map(({ id }) => id) };

describe('the generated sample', () => {
  it('when it is made twice, then it is the same', () => expect(samplePlan(program)).toEqual(samplePlan(program)));

  it('when it is made for the example program, then 24 partners live through four quarters under it', () => {
    const plan = samplePlan(program);
    expect(new Set(plan.partners.map((one) => one.websiteUrl)).size).toBe(24);
    expect(() => checkProgram(program, plan, 'examples/program.yaml')).not.toThrow();
    const days = momentsOf(plan).map(({ at }) => at.slice(0, 10));
    expect(days.every((day) => day > sampleFirstDay && day <= sampleLastDay)).toBe(true);
    const quarters = new Set(plan.registrations.map(({ at }) => Math.ceil(Number(at.slice(5, 7)) / 3)));
    expect([...quarters].sort()).toEqual([1, 2, 3, 4]);
  });

  it('when it is made, then deals are won, lost, left to people, and wanted by several partners', () => {
    const { closes, registrations } = samplePlan(program);
    const outcomes = Map.groupBy(closes, (close) => close.result.outcome);
    const wanted = Map.groupBy(registrations, (one) => `${one.customer.websiteUrl} ${one.productLine}`);
    const contested = [...wanted.values()].filter((all) => new Set(all.map((one) => one.partnerKey)).size > 1);
    expect(outcomes.get('won')?.length).toBeGreaterThan(100);
    expect(outcomes.get('lost')?.length).toBeGreaterThan(50);
    expect(contested.length).toBeGreaterThan(50);
    expect(registrations.some((one) => one.leftToPeople)).toBe(true);
  });

  it('when a deal closes, then after it was registered', () => {
    const { closes, registrations } = samplePlan(program);
    const registeredAt = new Map(registrations.map((one) => [one.rowId, one.at]));
    expect(closes.filter((close) => close.at <= (registeredAt.get(close.rowId) ?? ''))).toEqual([]);
  });
});
