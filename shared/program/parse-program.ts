import countryCodes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { DomainError, type FieldError } from '#shared/core/errors.ts';
import { currencyList } from '#shared/program/currency-list.ts';
import { Program } from '#shared/program/program.ts';
import { checkProgram } from '#shared/program/program-checks.ts';
import type { ProgramFault } from '#shared/program/program-fault.ts';

interface Source {
  readonly document: Document;
  readonly lines: LineCounter;
}

type Path = readonly (string | number)[];

const currencies = new Set(currencyList);
const countries = new Set(countryCodes.map(([alpha2]) => alpha2));

/** The offset of a field's value; of its name where it has no value; of what it should stand in where it is missing. */
const offsetOf = (document: Document, path: Path): number => {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const key = path[depth - 1];
    const pair = isMap(parent) && parent.items.find((item) => isNode(item.key) && item.key.toJSON() === key);
    if (pair && isPair(pair) && isNode(pair.key)) return pair.key.range?.[0] ?? 0;
    const value = document.getIn(path.slice(0, depth), true);
    if (isNode(value)) return value.range?.[0] ?? 0;
  }
  return isNode(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
};

const written = (path: Path): string =>
  path.reduce<string>((text, key) => text + (typeof key === 'number' ? `[${key}]` : text ? `.${key}` : key), '');

/** Zod reports unknown fields together at their block; here each is a fault of its own, at its own line. */
const faultsOf = (issue: z.core.$ZodIssue): ProgramFault[] => {
  // Keys of YAML are text or numbers; zod also allows symbols.
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], message: 'is not a field of a program' }));
  return [{ path, message: issue.message }];
};

/** Currencies and countries by the ISO lists, which are too large for the schema (it is in every function). */
const codeFaults = (program: Program): ProgramFault[] => {
  const faults: ProgramFault[] = [];
  if (!currencies.has(program.currency))
    faults.push({
      path: ['currency'],
      message: `must be a currency of ISO 4217, which does not know "${program.currency}"`,
    });
  const checkCountries = (codes: readonly string[], path: Path) => {
    for (const [index, code] of codes.entries())
      if (!countries.has(code))
        faults.push({
          path: [...path, index],
          message: `must be a country of ISO 3166-1, which does not know "${code}"`,
        });
  };
  checkCountries(program.onboarding.blockedCountries, ['onboarding', 'blockedCountries']);
  for (const [index, { customers }] of program.territories.entries())
    checkCountries(customers.countries ?? [], ['territories', index, 'customers', 'countries']);
  return faults;
};

interface PlacedFault {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

const place = (source: Source, { path, message }: ProgramFault): PlacedFault => {
  const { line, col: column } = source.lines.linePos(offsetOf(source.document, path));
  return { line, column, text: `${written(path) || 'the program'} ${message}` };
};

const refuse = (faults: readonly PlacedFault[]): never => {
  const inOrder = [...faults].sort((a, b) => a.line - b.line || a.column - b.column);
  const errors: FieldError[] = inOrder.map(({ line, column, text }) => ({
    pointer: '#/source',
    code: 'program.invalid',
    detail: `line ${line}, column ${column}: ${text}`,
  }));
  const faultCount = errors.length === 1 ? 'a fault' : `${errors.length} faults`;
  const lines = errors.map((error) => error.detail).join('\n');
  throw new DomainError('invalid', 'request.invalid', `The program file has ${faultCount}:\n${lines}`, { errors });
};

/** Aliases are resolved only here, and those that lead nowhere, or grow without end, throw. */
const toValue = ({ document }: Source): unknown => {
  try {
    return document.toJS();
  } catch (error) {
    return refuse([
      { line: 1, column: 1, text: `this is not YAML: ${error instanceof Error ? error.message : error}` },
    ]);
  }
};

/**
 * Reads a program file (YAML 1.2). Throws `request.invalid` that names every fault with line, column and field, in words; the
 * pointer of each is that of the file in the request that publishes it.
 */
export const parseProgram = (text: string): Program => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const broken = [...document.errors, ...document.warnings].map((error): PlacedFault => {
    const { line, col: column } = lines.linePos(error.pos[0]);
    return { line, column, text: `this is not YAML: ${error.message}` };
  });
  if (broken.length > 0) refuse(broken);
  const source = { document, lines };
  const parsed = Program.safeParse(toValue(source));
  if (!parsed.success) return refuse(parsed.error.issues.flatMap(faultsOf).map((fault) => place(source, fault)));
  const faults = [...checkProgram(parsed.data), ...codeFaults(parsed.data)];
  if (faults.length > 0) refuse(faults.map((fault) => place(source, fault)));
  return parsed.data;
};
