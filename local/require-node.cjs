// Plain JavaScript that any Node can read: the TypeScript files of this project need one that strips types by itself.
const found = process.versions.node;
if (Number(found.split('.')[0]) < 24) {
  console.error(
    `Tandem needs Node 24 or later, and this is ${found}: run "npm ci", which brings one along, or install it from nodejs.org.`,
  );
  process.exit(1);
}
