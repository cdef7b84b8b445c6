/** Legal forms say nothing about who a company is. */
const legalForms = new Set(
  (
    'inc incorporated llc ltd limited gmbh ag ug ohg se sa sas sarl srl spa sl bv nv corp corporation co company plc ' +
    'pty pte oy ab as aps kg kk'
  ).split(' '),
);

/** A company's name without its legal form, word by word, whatever stands between the words. */
export const withoutLegalForm = (name: string): string =>
  name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !legalForms.has(word))
    .join(' ');
