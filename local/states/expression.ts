import jsonata from 'jsonata';
import { isObject, type Json, typeNameOf } from './json.ts';
import { awsFunctions, refusedFunctions } from './jsonata-functions.ts';
import { StateFailure } from './state-failure.ts';

/** What an expression can see: `$states`, and the machine's variables by their names. */
export interface Sight {
  readonly states: Record<string, Json>;
  readonly variables: Readonly<Record<string, Json>>;
  /** What `$now()` and `$millis()` tell: the engine's clock, epoch milliseconds. */
  readonly now: number;
  readonly random: () => number;
}

/** Only a whole string is an expression; AWS takes `" {% … %} "` with blanks around it as plain text. */
export const isExpression = (text: string): boolean => text.startsWith('{%') && text.endsWith('%}') && text.length >= 4;

const compiled = new Map<string, jsonata.Expression>();

function compile(text: string): jsonata.Expression {
  const known = compiled.get(text);
  if (known) return known;
  const expression = jsonata(text.slice(2, -2));
  compiled.set(text, expression);
  return expression;
}

/** Says what is wrong with an expression before it ever runs; undefined when it can run. */
export function findFault(text: string): string | undefined {
  try {
    const ast = JSON.stringify(compile(text).ast());
    const refused = refusedFunctions.find((name) => ast.includes(`{"value":"${name}","type":"variable"`));
    return refused && `the function $${refused} is not supported`;
  } catch (error) {
    return `is not JSONata: ${messageOf(error)}`;
  }
}

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);

async function evaluateText(text: string, field: string, sight: Sight): Promise<Json> {
  const blame = (what: string) =>
    new StateFailure(
      'States.QueryEvaluationError',
      `The JSONata expression '${text.slice(2, -2).trim()}' specified for the field '${field}' ${what}`,
      { field },
    );
  let result: unknown;
  try {
    const bindings = { ...awsFunctions(sight), ...sight.variables, states: sight.states };
    result = await compile(text).evaluate(undefined, bindings);
  } catch (error) {
    if (error instanceof StateFailure) throw error;
    throw blame(`threw an error during evaluation: ${messageOf(error)}`);
  }
  if (result === undefined) throw blame('returned nothing (undefined).');
  return toJson(result, () => blame('returned a function, not a value.'));
}

/** JSONata marks its arrays and functions with properties of its own; what is kept is only what JSON can say. */
function toJson(result: unknown, refuse: () => StateFailure): Json {
  const text = JSON.stringify(result, (_, value: unknown) => {
    const isLambda = typeof value === 'object' && value !== null && '_jsonata_lambda' in value;
    if (isLambda || typeof value === 'function') throw refuse();
    return value;
  });
  return JSON.parse(text) as Json;
}

/** Replaces each expression inside a field by its value; every other string, number and so on stays as it is. */
export async function evaluate(template: Json, field: string, sight: Sight): Promise<Json> {
  if (typeof template === 'string') return isExpression(template) ? evaluateText(template, field, sight) : template;
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const [index, item] of template.entries()) items.push(await evaluate(item, `${field}[${index}]`, sight));
    return items;
  }
  if (!isObject(template)) return template;
  const members: Record<string, Json> = {};
  for (const [key, value] of Object.entries(template)) members[key] = await evaluate(value, `${field}/${key}`, sight);
  return members;
}

/** A field that must be a whole number of at least `least`, such as `TimeoutSeconds`. */
export async function evaluateWhole(
  template: Json,
  at: { field: string; least: number },
  sight: Sight,
): Promise<number> {
  const value = await evaluate(template, at.field, sight);
  if (typeof value === 'number' && Number.isInteger(value) && value >= at.least) return value;
  throw wrongType(template, { field: at.field, expected: `integer of at least ${at.least}` }, value);
}

export function wrongType(template: Json, at: { field: string; expected: string }, value: Json): StateFailure {
  const { field, expected } = at;
  const shown = typeof template === 'string' ? template.replace(/^\{%\s*|\s*%\}$/g, '') : JSON.stringify(template);
  return new StateFailure(
    'States.QueryEvaluationError',
    `The JSONata expression '${shown}' specified for the field '${field}' returned an unexpected result type. ` +
      `Expected '${expected}', but was '${typeNameOf(value)}' for value: ${JSON.stringify(value)}`,
    { field },
  );
}
