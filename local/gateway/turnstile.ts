/** Ends what `enter` began. */
export type Leave = () => void;

export interface TurnstileOptions {
  /** Invocations that may run at once for one function; undefined where the template reserves none for it. */
  readonly reservedFor: (functionArn: string) => number | undefined;
  /** Invocations that may run at once in all the functions that have none reserved. */
  readonly shared: number;
}

/**
 * Counts invocations as Lambda does: a function with concurrency reserved for it has that to itself, all others share what the account
 * has. `enter` answers undefined when there is no room; nobody waits in a queue, so whoever is let in is served soon.
 */
export const createTurnstile = ({ reservedFor, shared }: TurnstileOptions) => {
  const inside = new Map<string, number>();
  return (functionArn: string): Leave | undefined => {
    const reserved = reservedFor(functionArn);
    const room = reserved === undefined ? '' : functionArn;
    const count = inside.get(room) ?? 0;
    if (count >= (reserved ?? shared)) return undefined;
    inside.set(room, count + 1);
    return () => inside.set(room, (inside.get(room) ?? 1) - 1);
  };
};
