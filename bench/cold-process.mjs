/**
 * One cold start in a process of its own: `node cold-process.mjs <bundle> <event as JSON>`. Prints the CPU of every thread, user and
 * system, from before the import to after the first answer, in milliseconds. It is plain JavaScript and imports nothing, because
 * whatever is loaded before the measurement is taken off what is measured.
 */
const [bundle, event] = process.argv.slice(2);
const told = JSON.parse(event);
const before = process.cpuUsage();
const { handler } = await import(bundle);
const answer = await handler(told, {});
const { user, system } = process.cpuUsage(before);
const { writeSync } = process.getBuiltinModule('node:fs');
writeSync(1, `\n${JSON.stringify({ cpuMs: (user + system) / 1000, status: answer.statusCode })}`);
// Sockets that are kept alive would keep the process too.
process.exit(0);
