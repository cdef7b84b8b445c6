/**
 * What happens by the clock. Each row becomes one EventBridge Scheduler schedule; the worker gets `{schedule, time}` where
 * `time` is the instant the schedule stands for (ISO 8601 UTC, milliseconds), never the machine's clock.
 */
export interface Schedule {
  readonly name: string;
  /** In the dialect of EventBridge Scheduler. */
  readonly expression: string;
  /** The worker of workflows/ that is invoked. */
  readonly worker: string;
}

/**
 * A schedule whose name begins with `check-` only looks, and changes nothing in the table: when the laptop's clock jumps, it is left out. The others
 * act, but no rule waits for them: what has ended by its time has ended, whether or not a sweep has come by. `recover` and `follow-parked` only make
 * good what was lost: in a jump in which no function fails they come once a week.
 */
export const schedules: readonly Schedule[] = [
  { name: 'sweep', expression: 'cron(0 * * * ? *)', worker: 'sweep' },
  { name: 'settle', expression: 'cron(20 0 * * ? *)', worker: 'sweep' },
  { name: 'pay-day', expression: 'cron(0 6 * * ? *)', worker: 'sweep' },
  { name: 'score-quarter', expression: 'cron(30 6 * * ? *)', worker: 'sweep' },
  { name: 'recover', expression: 'cron(30 0/12 * * ? *)', worker: 'sweep' },
  { name: 'open-quarter', expression: 'cron(5 0 * * ? *)', worker: 'sweep' },
  { name: 'follow-parked', expression: 'cron(15 0/6 * * ? *)', worker: 'on-stored-change' },
  { name: 'check-roots', expression: 'cron(30 0 * * ? *)', worker: 'publish-roots' },
  { name: 'check-books', expression: 'cron(45 2 * * ? *)', worker: 'reconcile' },
  { name: 'check-histories', expression: 'cron(15 2 * * ? *)', worker: 'verify-chains' },
];
