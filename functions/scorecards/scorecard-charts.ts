import type { FigureView } from '#shared/scorecards/scorecard-contract.ts';

export const ragColours = { green: '#1a7f4b', amber: '#b7791f', red: '#b3261e', none: '#8a97a5' } as const;
const accent = '#0b5c6b';
const pale = '#dfe5ea';

type Value = NonNullable<FigureView['actual']>;

const number = (value: Value): number => (typeof value === 'number' ? value : value.amountMinor);
const rounded = (value: number): string => value.toFixed(1);

const svg = (width: number, height: number, content: string): string =>
  `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg">${content}</svg>`;

/** A bar for each quarter, the last one in colour; a quarter of which nothing is known has a dot instead. */
export const quarterBars = (
  { history }: Pick<FigureView, 'history'>,
  { width, height }: { readonly width: number; readonly height: number },
): string => {
  const values = history.map((value) => (value === null ? undefined : number(value)));
  const known = values.filter((value) => value !== undefined);
  const [most, least] = [Math.max(0, ...known), Math.min(0, ...known)];
  const scale = most === least ? 0 : (height - 2) / (most - least);
  const step = width / values.length;
  const zero = scale === 0 ? height - 1 : 1 + most * scale;
  const bars = values.map((value, index) => {
    const fill = index === values.length - 1 ? accent : '#9fb6bf';
    const x = index * step + step * 0.15;
    if (value === undefined)
      return `<circle cx="${rounded(index * step + step / 2)}" cy="${rounded(height - 2)}" r="1" fill="${pale}"/>`;
    const tall = Math.max(0.8, Math.abs(value) * scale);
    const y = value >= 0 ? zero - tall : zero;
    return `<rect x="${rounded(x)}" y="${rounded(Math.max(0, Math.min(y, height - 0.8)))}" width="${rounded(step * 0.7)}" height="${rounded(tall)}" fill="${fill}"/>`;
  });
  return svg(width, height, bars.join(''));
};

/** How much of the target: a bar up to the line of the target, which stands at three quarters of the width; nothing without one. */
export const bullet = (
  { actual, target, rag }: Pick<FigureView, 'actual' | 'target' | 'rag'>,
  { width, height }: { readonly width: number; readonly height: number },
): string => {
  if (target === undefined) return svg(width, height, '');
  const goal = width * 0.75;
  const base = `<rect x="0" y="${rounded(height * 0.25)}" width="${width}" height="${rounded(height * 0.5)}" fill="#eef2f4"/>`;
  if (actual === undefined) return svg(width, height, base);
  const part = number(target) === 0 ? 1 : Math.max(0, number(actual) / number(target));
  const bar = `<rect x="0" y="${rounded(height * 0.25)}" width="${rounded(Math.min(width, part * goal))}" height="${rounded(height * 0.5)}" fill="${ragColours[rag]}"/>`;
  const line = `<rect x="${rounded(goal - 0.6)}" y="0" width="1.2" height="${height}" fill="#1c2733"/>`;
  return svg(width, height, base + bar + line);
};

/** A shape for each colour, so that nobody has to see colours: a disc, a triangle, a square, a ring. */
export const ragShape = (rag: FigureView['rag'], size: number): string => {
  const fill = ragColours[rag];
  const middle = size / 2;
  const shapes = {
    green: `<circle cx="${middle}" cy="${middle}" r="${middle}" fill="${fill}"/>`,
    amber: `<polygon points="${middle},0 ${size},${size} 0,${size}" fill="${fill}"/>`,
    red: `<rect x="0" y="0" width="${size}" height="${size}" fill="${fill}"/>`,
    none: `<circle cx="${middle}" cy="${middle}" r="${middle - 0.8}" fill="none" stroke="${fill}" stroke-width="1"/>`,
  };
  return svg(size, size, shapes[rag]);
};

/** A ring that is full at 100. */
export const ring = (points: number, size: number): string => {
  const radius = size / 2 - 4;
  const middle = size / 2;
  const angle = (Math.min(99.99, Math.max(0.01, points)) / 100) * 2 * Math.PI - Math.PI / 2;
  const [x, y] = [middle + radius * Math.cos(angle), middle + radius * Math.sin(angle)];
  const track = `<circle cx="${middle}" cy="${middle}" r="${radius}" fill="none" stroke="${pale}" stroke-width="6"/>`;
  const arc = `<path d="M ${middle} ${middle - radius} A ${radius} ${radius} 0 ${points > 50 ? 1 : 0} 1 ${rounded(x)} ${rounded(y)}" fill="none" stroke="${accent}" stroke-width="6"/>`;
  return svg(size, size, track + arc);
};
