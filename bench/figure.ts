import { mkdir, writeFile } from 'node:fs/promises';

/** One measured number and what QUALITY.md wants of it; `must` and `stretch` are upper bounds. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** What the number counts; a ratio unless said. */
  readonly unit?: string;
  readonly must?: number;
  readonly stretch?: number;
  /** How it came about: the two sides of a ratio, the spread, what was left out and why. */
  readonly note?: string;
}

/** What one bench found: its figures, and rows of detail that explain them. */
export interface Finding {
  readonly figures: readonly Figure[];
  readonly details: readonly Readonly<Record<string, string | number>>[];
}

export const verdictOf = ({ value, must, stretch }: Figure): 'stretch' | 'must' | 'MISSED' | 'told' => {
  if (must === undefined) return 'told';
  // What cannot be compared, as a ratio to nothing, was not reached either.
  if (!(value <= must)) return 'MISSED';
  return stretch !== undefined && value <= stretch ? 'stretch' : 'must';
};

/** 1 where a figure is worse than it must be, so that whoever only looks at how a bench ended knows. */
export const exitCodeOf = (figures: readonly Figure[]): 0 | 1 =>
  figures.some((figure) => verdictOf(figure) === 'MISSED') ? 1 : 0;

const folder = '.local/bench';

/** Prints what a bench found as tables and keeps it as `.local/bench/<name>.json`; the process ends with 1 when a figure is missed. */
export const report = async (name: string, finding: Finding): Promise<void> => {
  if (finding.details.length > 0) console.table(finding.details);
  console.table(
    finding.figures.map((figure) => ({
      figure: figure.name,
      value: Number(figure.value.toFixed(3)),
      unit: figure.unit ?? 'ratio',
      must: figure.must ?? '',
      stretch: figure.stretch ?? '',
      reached: verdictOf(figure),
    })),
  );
  for (const { name: what, note } of finding.figures) if (note) console.log(`${what}: ${note}`);
  process.exitCode = exitCodeOf(finding.figures);
  await mkdir(folder, { recursive: true });
  const machine = { node: process.version, platform: process.platform, arch: process.arch };
  const kept = { bench: name, measuredAt: new Date().toISOString(), machine, ...finding };
  await writeFile(`${folder}/${name}.json`, `${JSON.stringify(kept, null, 2)}\n`);
};

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);

/** The value at a part of the way through the sorted values: 0.5 is the median. Throws for no values. */
export const quantile = (values: readonly number[], part: number): number => {
  const value = sorted(values)[Math.min(values.length - 1, Math.floor(values.length * part))];
  if (value === undefined) throw new RangeError('There is no middle of nothing.');
  return value;
};
