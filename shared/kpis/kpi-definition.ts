import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import type { Formula } from './kpi-formula.ts';

/** What a figure is in, and to how many decimals it is rounded, half-even, once at the end. */
export const kpiUnits = { count: 0, money: 0, percent: 2, days: 1, times: 2, points: 1 } as const;
export type KpiUnit = keyof typeof kpiUnits;

/** What a figure means and how it is reckoned, in words and in code, side by side. */
export interface KpiFormula {
  readonly id: string;
  readonly name: string;
  /** How it is reckoned, in words. */
  readonly words: string;
  /** The kinds of facts it is made from. */
  readonly facts: readonly FactKindId[];
  /** What it is made from beside facts. */
  readonly and?: string;
  readonly unit: KpiUnit;
  /** Who looks at it. */
  readonly users: readonly string[];
  /** What is put into the program, or what comes out of it. */
  readonly is: 'input' | 'output';
  /** For the company's own eyes, or for partners' too. */
  readonly audience: 'internal' | 'external';
  readonly formula: Formula;
}

export interface KpiDefinition extends KpiFormula {
  readonly better: 'more' | 'less';
}
