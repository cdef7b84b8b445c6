import type { RouteDescription } from '#local/template/system.ts';

type Pattern = Pick<RouteDescription, 'method' | 'path'>;

export interface RouteMatch<Route extends Pattern = RouteDescription> {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

const isVariable = (segment: string): boolean => /^\{[^}+]+\}$/.test(segment);
const isGreedy = (segment: string): boolean => /^\{[^}]+\+\}$/.test(segment);
const nameOf = (segment: string): string => segment.replace(/^\{|\+?\}$/g, '');
const segmentsOf = (path: string): readonly string[] => path.split('/').slice(1);

/** What is more exact sorts first, segment by segment, as API Gateway picks: words, then variables, then the rest of the path. */
const exactness = ({ method, path }: Pattern): string => {
  const kinds = segmentsOf(path).map((segment) => (isGreedy(segment) ? 2 : isVariable(segment) ? 1 : 0));
  return `${path === '$default' ? 9 : ''}${kinds.join('')}${method === 'ANY' ? 1 : 0}`;
};

const matchPath = (pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined => {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    if (isGreedy(segment)) {
      parameters[nameOf(segment)] = path.slice(index).join('/');
      return path.length > index ? parameters : undefined;
    }
    const actual = path[index];
    if (!actual) return undefined;
    if (isVariable(segment)) parameters[nameOf(segment)] = actual;
    else if (segment !== actual) return undefined;
  }
  return path.length === pattern.length ? parameters : undefined;
};

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** Finds the route of a request as an HTTP API does; a known path with another method is as unknown as any other. */
export const createRouteTable = <Route extends Pattern>(routes: readonly Route[]) => {
  const sorted = routes
    .map((route) => ({ route, pattern: segmentsOf(route.path), order: exactness(route) }))
    .toSorted((a, b) => (a.order < b.order ? -1 : 1));
  return (method: string, rawPath: string): RouteMatch<Route> | undefined => {
    const path = segmentsOf(rawPath).map(decode);
    for (const { route, pattern } of sorted) {
      if (route.path === '$default') return { route, pathParameters: {} };
      if (route.method !== method && route.method !== 'ANY') continue;
      const pathParameters = matchPath(pattern, path);
      if (pathParameters) return { route, pathParameters };
    }
    return undefined;
  };
};
