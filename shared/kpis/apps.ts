/** An integration that customers install: its name, how many have it installed, and how many took it out in the period. */
export type App = readonly [name: string, installs: number, removed: number];
export type Apps = readonly App[];

/** PRODUCT §7 looks at the churn of the top 20 apps. */
export const topApps = 20;

const byInstalls = (a: App, b: App): number => b[1] - a[1] || (a[0] < b[0] ? -1 : 1);

/**
 * The twenty most installed of both. An app is one partner's, so it stands in one of the two only, and the twenty largest of all are
 * among the twenty largest of each part: the order in which parts are put together changes nothing.
 */
export const largestApps = (a: Apps, b: Apps): Apps => {
  const least = a[topApps - 1];
  // Of most partners none comes among the twenty: looking at the last of them is a tenth of the work of sorting.
  const coming = least ? b.filter((app) => byInstalls(app, least) < 0) : b;
  return coming.length === 0 ? a : [...a, ...coming].sort(byInstalls).slice(0, topApps);
};
