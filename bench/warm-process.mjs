/**
 * CPU of warm requests, in a process of its own: `node warm-process.mjs <bundle> <file of events> <warm-up>`. The first requests warm
 * up; what is printed is the CPU of each one after them, user and system, in milliseconds.
 */
const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');
const [bundle, file, warmUp] = process.argv.slice(2);
const { handler } = await import(bundle);
const context = {
  functionName: 'bench',
  awsRequestId: 'bench',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:bench',
  memoryLimitInMB: '1024',
  getRemainingTimeInMillis: () => 10_000,
};
const events = JSON.parse(readFileSync(file, 'utf8'));
let before = process.cpuUsage();
for (const [index, event] of events.entries()) {
  if (index === Number(warmUp)) before = process.cpuUsage();
  const { statusCode, body } = await handler(event, context);
  if (statusCode !== 201) throw new Error(`${bundle} answered ${statusCode}: ${body}`);
}
const { user, system } = process.cpuUsage(before);
writeSync(1, `\n${(user + system) / 1000 / (events.length - Number(warmUp))}`);
process.exit(0);
