import { checkups, examine } from './checkups.ts';

const { lines, well } = await examine(checkups);
for (const line of lines) console.log(line);
process.exit(well ? 0 : 1);
