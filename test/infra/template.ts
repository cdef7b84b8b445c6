/** A property of a template: JSON, in which `Fn::…` and `Ref` point elsewhere. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [name: string]: Value | undefined };

export interface Resource {
  readonly Type: string;
  readonly Properties: { readonly [name: string]: Value | undefined };
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Value; readonly Export?: { readonly Name: Value } }>>;
}

/** The member of a value, by its path; undefined where there is none. */
export const at = (value: Value | undefined, ...path: readonly (string | number)[]): Value | undefined =>
  path.reduce<Value | undefined>((here, step) => {
    if (Array.isArray(here)) return here[Number(step)];
    return here !== null && typeof here === 'object' ? (here as Record<string, Value>)[step] : undefined;
  }, value);

export const listOf = (value: Value | undefined): readonly Value[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as Value];
};

export const ofType = (template: Template, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

/**
 * What a value says, with what it points to named by its type: `<DynamoDB::Table.Arn>/index/byStatus`. A function is named by
 * its entry file, since there are many of its type. Imports from other stacks are followed.
 */
export const wordsOf = (value: Value | undefined, home: Template, others: readonly Template[] = []): string => {
  const say = (inner: Value | undefined): string => wordsOf(inner, home, others);
  if (value === undefined || value === null || typeof value !== 'object') return String(value);
  const joined = at(value, 'Fn::Join', 1);
  if (joined !== undefined) return listOf(joined).map(say).join('');
  const imported = at(value, 'Fn::ImportValue');
  if (imported !== undefined) {
    const owner = others.find((template) => exported(template, String(imported)) !== undefined);
    return owner ? wordsOf(exported(owner, String(imported)), owner, others) : `<nobody exports ${imported}>`;
  }
  const [target, attribute] = listOf(at(value, 'Fn::GetAtt') ?? at(value, 'Ref'));
  if (target === undefined) return JSON.stringify(value);
  const name = nameOf(home, String(target));
  return attribute === undefined ? `<${name}>` : `<${name}.${attribute}>`;
};

const exported = (template: Template, name: string): Value | undefined =>
  Object.values(template.Outputs ?? {}).find((output) => output.Export?.Name === name)?.Value;

const nameOf = (template: Template, id: string): string => {
  const resource = template.Resources[id];
  if (!resource) return id;
  if (resource.Type === 'AWS::Lambda::Function') return functionName(resource);
  // Of the two tables one tells what changes in it.
  if (resource.Type === 'AWS::DynamoDB::Table' && !resource.Properties.StreamSpecification) return 'Activity';
  return resource.Type.replace('AWS::', '');
};

/** `functions/deals/door.ts` is `deals`, `workflows/sweep.ts` is `sweep`. */
export const functionName = (resource: Resource): string => {
  const entry = String(resource.Properties.Description).replace('Tandem: ', '');
  return entry.replace('/door.ts', '').replace('.ts', '').split('/').at(-1) ?? entry;
};
