import type { Element } from './bank-answer.ts';

/** Elements of a name that may come more than once. */
export const all = (element: Element | undefined, name: string): readonly Element[] => {
  const value = element?.[name];
  if (value === undefined || typeof value === 'string') return [];
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'object');
};

/** One element further down, by the names on the way. */
export const one = (element: Element | undefined, ...path: readonly string[]): Element | undefined =>
  path.reduce<Element | undefined>((at, name) => all(at, name)[0], element);

/** The text of an element that holds nothing else, or that has attributes beside it. */
export const text = (element: Element | undefined, ...path: readonly string[]): string | undefined => {
  const value = one(element, ...path.slice(0, -1))?.[path.at(-1) ?? ''];
  const said = typeof value === 'object' && !Array.isArray(value) ? (value as Element)['#text'] : value;
  return typeof said === 'string' ? said.trim() : undefined;
};

/** Texts of a name that may come more than once. */
export const texts = (element: Element | undefined, name: string): readonly string[] => {
  const value = element?.[name];
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');
};

/** Banks that have no underscore give it back as another sign, or leave it out. */
const ours = /^(pay|run)[^A-Za-z0-9]?([0-9A-HJKMNP-TV-Z]{26})(.*)$/i;

/** The id that we gave, as we write it; another one's reference as it is. */
export const idIn = (reference: string): string => {
  const [, noun = '', fingerprint = '', rest = ''] = ours.exec(reference) ?? [];
  return noun ? `${noun.toLowerCase()}_${fingerprint.toUpperCase()}${rest}` : reference;
};
