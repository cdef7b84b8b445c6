import { startOfDay } from '#shared/core/start-of-day.ts';
import { addDays } from '#shared/core/time.ts';
import type { Finding } from './task.ts';

/** A warning asks for something until a day; after it, it is closed by itself, and the next quarter looks again. */
export const earlyWarnings: Finding = ({ warnings, partner, program, now }) =>
  partner.status === 'active'
    ? warnings
        .map(({ text, action, until }) => ({
          kind: 'early_warning' as const,
          text: `${text} ${action}`,
          dueAt: startOfDay(addDays(until, 1), program.timeZone),
          subject: { type: 'partner' as const, id: partner.id },
        }))
        .filter(({ dueAt }) => dueAt > now)
    : [];
