import { roundedShare } from '#shared/core/rounded-share.ts';
import { type KpiDefinition, kpiUnits } from './kpi-definition.ts';
import { kpiDefinitions } from './kpi-definitions.ts';
import type { Row } from './kpi-formula.ts';

/** A figure, rounded half-even once, in the unit of its KPI; or in words why there is none. */
export type KpiFigure =
  | { readonly kpi: string; readonly value: number; readonly from: Readonly<Record<string, number>> }
  | { readonly kpi: string; readonly reason: string };

const figureOf = ({ id, unit, formula }: KpiDefinition, row: Row): KpiFigure => {
  const reckoned = formula(row);
  if ('reason' in reckoned) return { kpi: id, reason: reckoned.reason };
  const decimals = kpiUnits[unit];
  const shifted = Number(roundedShare(reckoned.part * 10n ** BigInt(decimals), reckoned.whole));
  if (!Number.isSafeInteger(shifted)) return { kpi: id, reason: 'It is too large to be exact.' };
  return { kpi: id, value: shifted / 10 ** decimals, from: reckoned.from };
};

/** All figures of one group in one period. */
export const kpisOf = (row: Row): readonly KpiFigure[] => kpiDefinitions.map((definition) => figureOf(definition, row));
