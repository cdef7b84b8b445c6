import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { type Plot, plots } from './plots.ts';

/**
 * The histories of a release, in chunks of seeds: as many of each plot as it asks for, or `HISTORIES` of each, or of `PLOT` alone. Each chunk runs in a process of its own and leaves one line in
 * `.local/release-histories.jsonl`; a run that was ended goes on where it stood, as long as nothing of what is tested has changed.
 */
const { HISTORIES, CHUNK = '1000', PROCESSES = String(availableParallelism()), PLOT } = process.env;
const logFile = '.local/release-histories.jsonl';

/** 100,000 of deals are a figure of QUALITY.md. The others take two to three times as long, and every run plays 200 or 300 of each. */
const inRelease: Readonly<Record<Plot, number>> = { deals: 100_000, money: 1000, payouts: 1000, health: 1000 };
const inAllOf = (plot: Plot): number => Number(HISTORIES ?? inRelease[plot]);

const Chunk = z.strictObject({
  plot: z.enum(plots),
  /** Of everything that is tested, and tests. */
  source: z.string(),
  first: z.int(),
  histories: z.int(),
  requests: z.int(),
  faulted: z.int(),
  failed: z.array(z.string()),
  cpuSeconds: z.number(),
});
type Chunk = z.infer<typeof Chunk>;

const sourceHash = (): string => {
  const hash = createHash('sha256');
  for (const file of globSync('{shared,functions,workflows,test/{faults,health,kpis}}/**/*.{ts,json}').sort()) {
    hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
};

const run = (plot: Chunk['plot'], first: number, histories: number): Promise<Omit<Chunk, 'source'>> =>
  new Promise((resolve, reject) => {
    const script = new URL('play-histories.ts', import.meta.url).pathname;
    // Nobody looks at the stacks of errors that are meant to happen, and they take time.
    const child = spawn(process.execPath, ['--stack-trace-limit=0', script, String(first), String(histories), plot], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data;
    });
    child.once('exit', (code) => {
      if (code === 0) resolve(Chunk.omit({ source: true }).parse(JSON.parse(output)));
      else reject(new Error(`The histories of ${plot} from seed ${first} on ended with code ${code}.`));
    });
  });

const source = sourceHash();
const wanted = plots.filter((plot) => PLOT === undefined || plot === PLOT);
const inAll = wanted.reduce((sum, plot) => sum + inAllOf(plot), 0);
const sizeOf = (plot: Plot, first: number): number => Math.min(Number(CHUNK), inAllOf(plot) - first + 1);
mkdirSync('.local', { recursive: true });
const before = existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().split('\n').filter(Boolean) : [];
const done = before
  // Lines of before there were two plots are of other sources anyway.
  .flatMap((line) => Chunk.safeParse(JSON.parse(line)).data ?? [])
  .filter((chunk) => chunk.source === source && wanted.includes(chunk.plot))
  // Of a run with chunks of another size, or of fewer histories, only those that this one would play count.
  .filter(
    ({ plot, first, histories }) => first % Number(CHUNK) === 1 % Number(CHUNK) && histories === sizeOf(plot, first),
  );
const starts = wanted
  .flatMap((plot) =>
    Array.from({ length: Math.ceil(inAllOf(plot) / Number(CHUNK)) }, (_, at) => ({
      plot,
      first: 1 + at * Number(CHUNK),
    })),
  )
  .sort((one, other) => one.first - other.first)
  .filter(({ plot, first }) => !done.some((chunk) => chunk.plot === plot && chunk.first === first));

const total = (of: (chunk: Chunk) => number): number => done.reduce((sum, chunk) => sum + of(chunk), 0);

const report = ({ plot, first, histories, failed, cpuSeconds }: Chunk): void => {
  const last = first + histories - 1;
  const found = `${failed.length} violated`;
  const all = `${total((it) => it.histories)} of ${inAll} histories, ${total((it) => it.failed.length)} violated`;
  console.log(`${plot}, seeds ${first}-${last}: ${found}, ${cpuSeconds.toFixed(1)} s of CPU · in all ${all}`);
  for (const words of failed) console.log(words);
};

const work = async (): Promise<void> => {
  for (let next = starts.shift(); next !== undefined; next = starts.shift()) {
    const { plot, first } = next;
    const chunk = { source, ...(await run(plot, first, sizeOf(plot, first))) };
    appendFileSync(logFile, `${JSON.stringify(chunk)}\n`);
    done.push(chunk);
    report(chunk);
  }
};

console.log(`Source ${source}: ${total((it) => it.histories)} of ${inAll} histories are done.`);
await Promise.all(Array.from({ length: Number(PROCESSES) }, work));
const share = total((it) => it.faulted) / total((it) => it.requests);
console.log(
  `${total((it) => it.histories)} histories, ${total((it) => it.requests)} requests, ${(share * 100).toFixed(1)} % of them faulted, ${total((it) => it.failed.length)} violated, ${total((it) => it.cpuSeconds).toFixed(0)} s of CPU`,
);
process.exitCode = total((it) => it.failed.length) > 0 || share < 0.2 ? 1 : 0;
