import { describe, expect, test } from 'vitest';
import { type Lifecycle, moveTo } from '#shared/core/lifecycle.ts';

const lifecycle: Lifecycle<'open' | 'shut' | 'gone'> = { open: ['shut', 'gone'], shut: ['open'], gone: [] };

describe('when a status changes', () => {
  test('then it goes where the table lets it', () => {
    expect([moveTo(lifecycle, 'open', 'shut'), moveTo(lifecycle, 'shut', 'open')]).toEqual(['shut', 'open']);
  });

  const refused = [
    ['shut', 'gone', 'What is shut cannot become gone; from here it can become open.'],
    ['open', 'open', 'What is open cannot become open; from here it can become shut or gone.'],
    ['gone', 'open', 'What is gone cannot become open; from here it can become nothing else.'],
  ] as const;
  test.each(refused)('then from %s to %s it says in words why not, and what would be allowed', (from, to, message) => {
    expect(() => moveTo(lifecycle, from, to)).toThrow(
      expect.objectContaining({
        kind: 'conflict',
        code: 'state.transition_not_allowed',
        message,
        details: { facts: { status: from, allowed: lifecycle[from] } },
      }),
    );
  });
});
