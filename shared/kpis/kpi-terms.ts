import type { FactKindId } from '#shared/facts/fact-kinds.ts';
import type { KpiDefinition } from './kpi-definition.ts';
import { count, type Formula, share, sum, type Term, tallied } from './kpi-formula.ts';

/** Who looks at figures. */
export const leadership = 'head of partnerships';
export const managers = 'partner managers';
export const executives = 'executives';
export const finance = 'finance';
export const sales = 'sales';
export const success = 'customer success';
export const marketing = 'marketing';
export const product = 'product';

type Kind = Pick<KpiDefinition, 'is' | 'audience'>;
/** What comes out of the program, for everybody’s eyes. */
export const shown: Kind = { is: 'output', audience: 'external' };
/** What comes out of the program, for the company's own eyes. */
export const kept: Kind = { is: 'output', audience: 'internal' };
/** What is put into the program, for everybody's eyes. */
export const putIn: Kind = { is: 'input', audience: 'external' };

export const sourcedNew: FactKindId = 'deal.won.sourced.new';
export const sourcedExpansion: FactKindId = 'deal.won.sourced.expansion';
export const sourced: readonly FactKindId[] = [sourcedNew, sourcedExpansion, 'deal.won.sourced.renewal'];
export const directWon: readonly FactKindId[] = ['direct.won.new', 'direct.won.other'];

export const sourcedRevenue: Term = sum('sourced revenue', sourced);
export const directRevenue: Term = sum('direct revenue', directWon, 'company');
export const won: Term = count('won', sourced);
export const directDealsWon: Term = count('won directly', directWon, 'company');
export const active: Term = tallied('active partners', ['active']);
export const members: Term = tallied('partners', ['partners']);

export const winRate: Formula = share([won], [won, count('lost', ['deal.lost'])], 'No deal was won or lost.');
