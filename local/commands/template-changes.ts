import { isDeepStrictEqual } from 'node:util';
import type { StackTemplate } from './stack-template.ts';

export interface TemplateChange {
  readonly what: 'create' | 'change' | 'replace' | 'remove' | 'let go';
  readonly id: string;
  readonly type: string;
}

/** Of what holds data: where one of these changes, CloudFormation makes a new and empty one in its place (its reference, *Update requires: Replacement*). */
const replacing: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::Cognito::UserPool': ['AliasAttributes', 'UsernameAttributes', 'UsernameConfiguration'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SecretsManager::Secret': ['Name'],
};

type Resource = StackTemplate['Resources'][string];

const isReplaced = (old: Resource, next: Resource): boolean =>
  old.Type !== next.Type ||
  (replacing[next.Type] ?? []).some((name) => !isDeepStrictEqual(old.Properties?.[name], next.Properties?.[name]));

/** What deploying `after` over `before` does. What is let go stays in the account but belongs to no stack any more. */
export const changesBetween = (before: StackTemplate, after: StackTemplate): readonly TemplateChange[] => {
  const ids = new Set([...Object.keys(before.Resources), ...Object.keys(after.Resources)]);
  return [...ids].flatMap((id): TemplateChange[] => {
    const [old, next] = [before.Resources[id], after.Resources[id]];
    if (!old && next) return [{ what: 'create', id, type: next.Type }];
    if (old && !next) {
      return [{ what: old.DeletionPolicy === 'Retain' ? 'let go' : 'remove', id, type: old.Type }];
    }
    if (!old || !next || isDeepStrictEqual(old, next)) return [];
    return [{ what: isReplaced(old, next) ? 'replace' : 'change', id, type: next.Type }];
  });
};

/** `create   15 × Lambda::Function`; what is replaced or removed, by name. */
export const tellChanges = (changes: readonly TemplateChange[]): readonly string[] => {
  const gentle = changes.filter(({ what }) => what === 'create' || what === 'change');
  const byKind = Map.groupBy(gentle, ({ what, type }) => `${what.padEnd(8)} %× ${type.replace('AWS::', '')}`);
  return [
    ...[...byKind].map(([kind, its]) => kind.replace('%×', `${String(its.length).padStart(3)} ×`)).toSorted(),
    ...changes
      .filter((change) => !gentle.includes(change))
      .map(({ what, type, id }) => {
        const warning = what === 'replace' ? ': A NEW AND EMPTY ONE TAKES ITS PLACE' : '';
        return `${what.toUpperCase().padEnd(8)}       ${type.replace('AWS::', '')} ${id}${warning}`;
      }),
  ];
};
