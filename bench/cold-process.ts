import { readFileSync } from 'node:fs';

/**
 * One cold start in a process of its own: `node cold-process.ts <bundle> <file with the event>`. Says the CPU, user and system, of
 * every thread from before the import to after the first answer, in milliseconds.
 */
const [bundle = '', eventFile = ''] = process.argv.slice(2);
const event = JSON.parse(readFileSync(eventFile, 'utf8'));
const before = process.cpuUsage();
const { handler } = await import(bundle);
const answer = await handler(event, {});
const { user, system } = process.cpuUsage(before);
process.send?.({ cpuMs: (user + system) / 1000, status: answer.statusCode });
process.disconnect?.();
