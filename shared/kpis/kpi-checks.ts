import { isFactKind } from '#shared/facts/fact-kinds.ts';
import type { Program } from '#shared/program/program.ts';
import type { ProgramFault } from '#shared/program/program-fault.ts';
import { isKpi, kpiIds } from './kpi-ids.ts';

/** What the KPIs of a program must have to do with the rest of it; every fault in words. */
export const kpiFaults = ({ kpis, partnerTypes }: Program): ProgramFault[] => {
  const types = partnerTypes.map(({ id }) => id);
  const named = new Set<string>();
  const active = (kpis?.active ?? []).flatMap((rule, index): ProgramFault[] => {
    const path = ['kpis', 'active', index];
    return [
      ...rule.partnerTypes.flatMap((type, at): ProgramFault[] => {
        const where = [...path, 'partnerTypes', at];
        if (!types.includes(type)) return [{ path: where, message: `names the unknown partner type "${type}"` }];
        if (named.has(type)) return [{ path: where, message: `says again when "${type}" is active` }];
        named.add(type);
        return [];
      }),
      ...rule.facts.flatMap((kind, at): ProgramFault[] =>
        isFactKind(kind)
          ? []
          : [{ path: [...path, 'facts', at], message: `names the unknown kind of facts "${kind}"` }],
      ),
    ];
  });
  const targets = (kpis?.targets ?? []).flatMap((target, index): ProgramFault[] => {
    const path = ['kpis', 'targets', index];
    const less = kpiIds[target.kpi] === 'less';
    const { value, upTo, baseline, due } = target;
    return [
      ...(isKpi(target.kpi) ? [] : [{ path: [...path, 'kpi'], message: `names the unknown KPI "${target.kpi}"` }]),
      ...(due > baseline.on ? [] : [{ path: [...path, 'due'], message: 'must be after the day of the baseline' }]),
      ...(upTo !== undefined && (less ? upTo >= value : upTo <= value)
        ? [{ path: [...path, 'upTo'], message: `must be ${less ? 'less' : 'more'} than "value"` }]
        : []),
    ];
  });
  return [...active, ...targets];
};
