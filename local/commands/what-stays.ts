import type { StackTemplate } from './stack-template.ts';

/** Each thing that outlives its stack, by kind and name in the template. */
export const whatStays = (template: StackTemplate): readonly string[] =>
  Object.entries(template.Resources)
    .filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain' || DeletionPolicy === 'RetainExceptOnCreate')
    .map(([id, { Type }]) => `${Type.replace('AWS::', '')} ${id}`)
    .toSorted();
