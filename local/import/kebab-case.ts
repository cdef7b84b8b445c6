/** `Gekko & Co` → `gekko-co`: names as they stand in web addresses and ids. */
export const kebabCase = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
