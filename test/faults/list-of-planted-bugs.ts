/** A bug as somebody might make it: what stands in a file, and what would stand there instead. */
export interface PlantedBug {
  readonly name: string;
  readonly patches: readonly (readonly [file: string, from: string, to: string])[];
  /** The test of this folder that shows it, where no history can come upon it by chance; the reason stands beside it. */
  readonly suite?: string;
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'a customer is taken whether it is free or not',
    patches: [
      [
        'shared/deals/customer-store.ts',
        "when: mustBeUnknown ? all(free, absent('known')) : free,",
        "when: not(is('kind', '=', 'gone')),",
      ],
      ['shared/deals/customer-store.ts', 'any, type Condition, is }', 'any, type Condition, is, not }'],
    ],
  },
  {
    name: 'a hold is changed without looking whose it is',
    patches: [
      [
        'shared/deals/customer-store.ts',
        'change: { set: holdOf(deal, terms, now) },\n    when: all(',
        "change: { set: holdOf(deal, terms, now) },\n    when: any(is('kind', '=', 'customer'), ",
      ],
    ],
  },
  {
    name: 'the lock is written on expiry',
    patches: [['shared/deals/deal-store.ts', "if (holds && after.status !== 'expired')", 'if (holds)']],
  },
  {
    name: 'the gate is not counted down',
    patches: [
      [
        'shared/deals/deal-store.ts',
        'if (open.includes(before.status) && !open.includes(after.status))',
        "if (before.status === 'superseded')",
      ],
    ],
  },
  {
    name: 'a deal is replaced whatever its version',
    patches: [
      [
        'shared/deals/deal-store.ts',
        'replaceAsRead(before, toItem(entity))',
        "{ ...replaceAsRead(before, toItem(entity)), when: is('version', '>', 0) }",
      ],
      [
        'shared/platform/history-store.ts',
        "  write: 'insert',\n  item: { ...eventKey",
        "  write: 'replace',\n  when: { test: 'absent', name: 'nothing' },\n  item: { ...eventKey",
      ],
    ],
  },
  {
    name: 'a new key for each try',
    patches: [['functions/http/request.ts', ': [...about, key]);', ': [...about, key, now]);']],
  },
  {
    name: 'the body is not part of the memory of a key',
    patches: [['shared/core/history.ts', ', ...(doneKeys ? { doneKeys } : {})', '']],
  },
  {
    name: 'the event of an expiry or a withdrawal is skipped',
    patches: [
      [
        'shared/platform/history-store.ts',
        'const everything = [...events.map(insertEvent), ...writes];',
        "const everything = [...events.filter(({ type }) => type !== 'deal.expired' && type !== 'deal.withdrawn').map(insertEvent), ...writes];",
      ],
    ],
  },
  {
    name: 'the second event of a transaction is forgotten',
    patches: [['functions/approvals/decide-approval.ts', 'effects.flatMap((effect) => effect.events),', '[],']],
  },
  {
    name: 'the note of a mail comes before the mail',
    patches: [
      [
        'shared/platform/mail.ts',
        '  await client.send(\n',
        "  await transact([{ write: 'replace', item: { ...key, kind: 'mail' }, when: absent('pk'), refuse: () => new Error('It was sent twice.') }]);\n  await client.send(\n",
      ],
    ],
  },
  {
    name: 'a mail is not noted',
    patches: [['shared/platform/mail.ts', '  if (sent) return;', '']],
  },
  {
    name: 'a failed record does not hold up those after it',
    patches: [
      [
        'workflows/on-stored-change.ts',
        'return records.slice(index).map((it) =>',
        'return records.slice(index, index).map((it) =>',
      ],
    ],
  },
  {
    name: 'the record is not read again after the token is kept',
    patches: [
      [
        'workflows/approvals/request-approval.ts',
        "if (approval?.status !== 'open')",
        "if (approval?.status === 'cancelled')",
      ],
    ],
  },
  {
    name: 'the token is never kept',
    patches: [
      [
        'workflows/approvals/request-approval.ts',
        'const forsaken = await keepTask(approvalId, { token: input.taskToken, attempt, retry });',
        'const forsaken: readonly string[] = [];',
      ],
      ['workflows/approvals/request-approval.ts', 'insertApproval, keepTask', 'insertApproval'],
    ],
  },
  {
    name: 'a second execution of one name is a failure',
    patches: [
      ['workflows/approvals/start-execution.ts', 'if (error instanceof ExecutionAlreadyExists) return false;', ''],
    ],
  },
  {
    name: 'four eyes neither in the rule nor in the write',
    patches: [
      [
        'shared/approvals/decide-approval.ts',
        'if (approval.submittedBy === by.id)',
        "if (approval.submittedBy === '')",
      ],
      ['shared/approvals/approval-store.ts', "    is('submittedBy', '<>', by.id),\n", ''],
    ],
  },
  {
    name: 'one person is two people',
    patches: [
      [
        'shared/approvals/decide-approval.ts',
        'if (decisionsOf(approval).some((decision) => decision.by === by.id))',
        "if (by.id === '')",
      ],
      ['shared/approvals/approval-store.ts', "    any(absent('deciders'), not(contains('deciders', by.id))),\n", ''],
    ],
  },
  {
    name: 'one decision is enough for everything',
    patches: [
      [
        'shared/approvals/decide-approval.ts',
        'const complete = steps.every((step) => step.decisions.length >= step.needed);',
        'const complete = steps.every((step) => step.decisions.length > 0);',
      ],
    ],
  },
  {
    name: 'a decision without its effect',
    patches: [
      [
        'functions/approvals/decide-approval.ts',
        "    decided.status === 'open'\n      ? []",
        "    decided.status === 'open' || decided.status === 'rejected'\n      ? []",
      ],
    ],
  },
  {
    name: 'what is read partly is all there is',
    patches: [
      [
        'shared/platform/table.ts',
        'pending = (UnprocessedKeys?.[table()]?.Keys ?? []) as unknown as Key[];',
        'pending = [];\n    if (UnprocessedKeys === null) throw new Error();',
      ],
    ],
  },
  {
    name: 'a list shows what the index says, not the table',
    patches: [
      [
        'shared/deals/deal-store.ts',
        'if (item && (list.status === undefined || item.status === list.status))',
        'if (item)',
      ],
      ['functions/deals/list-deals.ts', "listedPartner('list-deals', caller, query.partnerId)", 'query.partnerId'],
    ],
  },
  {
    name: 'anybody sees any deal',
    patches: [['functions/deals/change-own-deal.ts', 'mustReach(operation, caller, deal.partnerId);', '']],
  },
  {
    name: 'a conflict names the holder',
    patches: [
      [
        'shared/deals/customer-lock.ts',
        "'This customer is registered for this product line by another partner.',",
        "['This customer is registered by', lock.holder].join(),",
      ],
    ],
  },
  {
    name: 'lost executions are not looked for',
    patches: [
      [
        'workflows/approvals/recover.ts',
        'const subjects = await listWaiting();',
        'const subjects = (await listWaiting()).slice(0, 0);',
      ],
    ],
  },
  {
    name: 'lost follow-ups are not looked for',
    patches: [
      [
        'workflows/approvals/recover.ts',
        'const told = await tellAgain(now);',
        "const told = now !== '' || (await tellAgain(now));",
      ],
    ],
  },
  {
    name: 'recovery does not know deals that wait for their close',
    patches: [
      [
        'shared/approvals/subject-store.ts',
        "waiting: [waitingDeals('submitted'), waitingDeals('approved')]",
        "waiting: [waitingDeals('submitted')]",
      ],
    ],
  },
  {
    name: 'a withdrawn deal leaves its approval open',
    patches: [
      [
        'workflows/follow-event.ts',
        'if (awaits === null) await cancelLast(event);',
        "if (awaits === '') await cancelLast(event);",
      ],
      [
        'workflows/approvals/cancel-moot.ts',
        "approval.status === 'open' && (!subject",
        "approval.status === 'cancelled' && (!subject",
      ],
    ],
  },
  {
    name: 'the due handler decides by the index alone',
    patches: [['workflows/deals/due-deal.ts', 'if (!deal.due || deal.due.at > now) return;', '']],
  },
  {
    name: 'funds are reserved whether they are there or not',
    patches: [
      [
        'shared/mdf/budget-store.ts',
        "all(is('available', '>=', amount.amountMinor), is('expiresAt', '>', now));",
        "all(is('available', '>=', amount.amountMinor - 1_000_000_000), is('expiresAt', '>', now));",
      ],
    ],
  },
  {
    name: 'a claim takes more than is reserved for it',
    patches: [
      [
        'shared/mdf/request-claim-store.ts',
        "is('reservedLeft', '>=', amountMinor), is('claimUntil'",
        "is('reservedLeft', '>=', 0), is('claimUntil'",
      ],
    ],
  },
  {
    name: 'what was refused of a claim is not reserved again',
    patches: [
      [
        'shared/mdf/claim-decision-store.ts',
        'const balances = { reservedLeft: asked - approved,',
        'const balances = { reservedLeft: 0,',
      ],
    ],
  },
  {
    name: 'a document and an invoice may stand in two claims',
    patches: [
      [
        'shared/documents/claim-store.ts',
        "any(absent('claimId'), is('claimId', '=', claimId));",
        "any(absent('claimId'), present('claimId'), is('claimId', '=', claimId));",
      ],
    ],
  },
  {
    name: 'who decided on a claim answers its dispute as well',
    patches: [
      ['shared/approvals/decide-approval.ts', 'if (approval.barred?.includes(by.id))', "if (by.id === '')"],
      ['shared/approvals/approval-store.ts', "    any(absent('barred'), not(contains('barred', by.id))),\n", ''],
    ],
  },
  {
    name: 'what is released is not given back to the budget',
    patches: [
      [
        'shared/mdf/request-end-store.ts',
        'writes: [giveBack(budget.id, reservedLeft, to)],',
        'writes: [giveBack(budget.id, reservedLeft, to)].slice(1),',
      ],
    ],
  },
  {
    name: 'an earning has another name for each version of its deal',
    patches: [
      [
        'shared/earnings/earning-of-rule.ts',
        "id: derivedId('ern', deal.id, participant.partnerId, rule.id, String(number)),",
        "id: derivedId('ern', deal.id, participant.partnerId, rule.id, String(number), String(deal.version)),",
      ],
    ],
  },
  {
    name: 'a reversal is booked with the sign of what it reverses',
    patches: [
      [
        'shared/earnings/earning-journals.ts',
        'owed(earning, -amount.amountMinor,',
        'owed(earning, amount.amountMinor,',
      ],
    ],
  },
  {
    name: 'a statement keeps what was reversed',
    patches: [
      [
        'shared/payouts/statement-store.ts',
        "(earning.status === 'on_hold' || earning.status === 'paid')",
        "(earning.status === 'on_hold' || earning.status === 'reversed')",
      ],
    ],
  },
  {
    name: 'a budget of a rule pays though it is used up',
    patches: [
      [
        'shared/earnings/rule-budget-store.ts',
        "is('available', '>=', amount.amountMinor - granted)",
        "present('available')",
      ],
    ],
  },
  {
    name: 'a claim that has lapsed stays due',
    patches: [['shared/mdf/claim-store.ts', "...(claim.status === 'returned'\n", '...(claim.returnedUntil\n']],
  },
  {
    name: 'the sweep gives up where somebody was faster',
    patches: [['workflows/sweep.ts', "    if (isCode(error, 'version.stale') && round < rounds) return true;\n", '']],
  },
  {
    name: 'an account is paid to though it has just been changed',
    patches: [['shared/payouts/payout-of.ts', 'payableFrom > now ?', "payableFrom > '9' ?"]],
  },
  {
    name: 'whoever has just changed an account, or is new, approves a run',
    patches: [
      [
        'shared/approvals/eyes-store.ts',
        "if (kind !== 'payout_run') return [];",
        "if (kind !== 'payout_run' || now !== '') return [];",
      ],
    ],
  },
  {
    name: 'one person says what became of a payout',
    patches: [
      ['shared/payouts/payout-resolution.ts', 'if (proposal.by !== by) return true;', "if (by !== '') return true;"],
    ],
  },
  {
    name: 'a payout that failed is not owed again',
    patches: [
      [
        'shared/payouts/payout-life.ts',
        "carriedOut: [...carriedOut, { ...parts, to: about.to, reasons: ['failed'] }],",
        "carriedOut: [...carriedOut, { ...parts, earned: 0, to: about.to, reasons: ['failed'] }],",
      ],
    ],
  },
  {
    name: 'what changes a statement while it is frozen is lost',
    patches: [
      [
        'shared/payouts/statement-store.ts',
        "...(status === 'open' ? counted : [])",
        "...(status === 'failed' ? counted : [])",
      ],
    ],
  },
  {
    name: 'a provider is told again without being asked',
    patches: [
      [
        'workflows/payouts/pay-chunk.ts',
        'const found = await provider.find(order);',
        "const found: Found = { outcome: 'absent' };",
      ],
    ],
  },
  {
    name: 'what an older statement holds is lost when it is merged',
    patches: [
      [
        'workflows/payouts/collect-payouts.ts',
        'const about = { carry: partsOf(statement.balances), to, now: at, runId: run.id };',
        'const about = { carry: { ...partsOf(statement.balances), earned: 0 }, to, now: at, runId: run.id };',
      ],
    ],
  },
  {
    name: 'lost executions of runs are not looked for',
    patches: [['workflows/sweep.ts', '[recoverRuns(now), ', '[']],
  },
  {
    name: 'two runs of one period are under way',
    patches: [
      [
        'shared/payouts/run-store.ts',
        "    when: absent('runId'),",
        "    when: any(absent('runId'), present('runId')),",
      ],
      ['shared/payouts/run-store.ts', 'import { absent, is }', 'import { absent, any, is, present }'],
    ],
  },
  {
    name: 'nothing is opened again of a run that was rejected',
    patches: [
      [
        'shared/payouts/payout-steps-store.ts',
        "payout.status === 'pending' && payout.runId === runId",
        "payout.status === 'open' && payout.runId === runId",
      ],
    ],
  },
  {
    name: 'what holds is written over by what held before it',
    patches: [
      [
        'shared/facts/fact-write-store.ts',
        'attribute_not_exists(pk) OR t < :t',
        'attribute_exists(pk) OR attribute_not_exists(pk) OR t < :t',
      ],
    ],
  },
  {
    name: 'facts that the table left unwritten are forgotten',
    patches: [
      [
        'shared/facts/fact-write-store.ts',
        '(UnprocessedItems?.[activityTable()] ?? []) as typeof left',
        '([] as typeof left)',
      ],
    ],
  },
  {
    name: 'an id that was told before is taken with other content',
    patches: [['functions/facts/report-facts.ts', 'if (stored && !saysTheSame(stored, fact))', 'if (!known)']],
  },
  {
    name: 'the writer of facts believes what it remembers, whatever came in between',
    patches: [
      [
        'workflows/facts/facts-of-events.ts',
        '(known !== undefined && known.state.head === first.prev)',
        'known !== undefined',
      ],
    ],
  },
  {
    name: 'a partner whose facts go on on the next page is scored by half of them',
    patches: [['shared/health/neighbours-store.ts', 'open = from ? found.pop() : undefined;', 'open = undefined;']],
  },
  {
    name: 'a finding is held to be the same by its points',
    patches: [
      [
        'shared/health/health-store.ts',
        'if (before?.digest === digest) return before;',
        'if (before?.points === finding.points) return before;',
      ],
    ],
  },
  {
    name: 'a segment is done when its worker has begun it',
    patches: [['workflows/health/score-segment.ts', 'isDone: isLast };', 'isDone: true };']],
  },
  {
    name: 'the figures of a segment are counted twice',
    patches: [
      [
        'workflows/health/close-scoring.ts',
        'progress.map(sumsOf).reduce',
        '[...progress, ...progress.slice(-1)].map(sumsOf).reduce',
      ],
    ],
  },
  {
    name: 'a run is closed while a segment is not done',
    patches: [
      ['workflows/health/close-scoring.ts', 'run.segments === undefined || open > 0', 'run.segments === undefined'],
    ],
  },
  {
    name: 'a quarter is published while a run goes on',
    patches: [
      [
        'shared/health/scoring-run-store.ts',
        "when: all(absent('runId'), is('completed', '=', review.runId)),",
        "when: all(present('pk'), present('completed')),",
      ],
    ],
  },
  {
    name: 'two runs of a quarter at once',
    patches: [
      [
        'shared/health/scoring-run-store.ts',
        "when: absent('runId'),\n    refuse: alreadyRunning,",
        "when: is('kind', '<>', 'nothing'),\n    refuse: alreadyRunning,",
      ],
    ],
  },
  {
    name: 'a correction is written over what was published',
    patches: [
      [
        'shared/health/health.ts',
        'corrects && before.runId !== id ? before.revision + 1',
        'corrects && before.runId === id ? before.revision + 1',
      ],
    ],
  },
  {
    name: 'a judgement moves a tier again after a person has placed it',
    patches: [
      ['workflows/partners/apply-tier.ts', 'partner.tierJudged !== tierJudged && applyJudgement', 'applyJudgement'],
    ],
  },
  {
    name: 'what was scored before the quarter ended moves no tier after it',
    patches: [
      ['workflows/health/score-segment.ts', 'stored.isOwn || stored.atSeconds < work.endsAtSeconds', 'stored.isOwn'],
    ],
  },
  {
    name: 'the tier of a score that a dead worker wrote is not followed',
    patches: [
      ['workflows/health/score-segment.ts', 'isOwn: stored.isBy(run.id)', 'isOwn: false'],
      ['shared/health/health-store.ts', 'digest) return before;', "digest) return { ...before, runId: '' };"],
    ],
  },
  {
    name: 'a scoring run whose execution was lost is not looked for',
    patches: [
      [
        'workflows/health/recover-scoring.ts',
        'if (await isStuck(run, now)) await restart(run, now);',
        'if (run.needsAttention && (await isStuck(run, now))) await restart(run, now);',
      ],
    ],
  },
  {
    // It takes an execution that was replaced, a late follow-up and a decision between: one history in two thousand.
    name: 'a replaced attempt says that all is followed up',
    patches: [
      [
        'shared/approvals/approval-store.ts',
        "const isItsOwn = is('attempt', '<=', attempt);",
        "const isItsOwn = present('pk');",
      ],
    ],
    suite: 'test/approvals/follow-up.test.ts',
  },
  {
    // It takes a process that was thought dead, and a later one: only processes of their own can do that.
    name: 'an earlier try of a step takes the token from a later one',
    patches: [
      ['shared/approvals/approval-store.ts', '(one.retry ?? 0) > (other.retry ?? 0)', '(one.retry ?? 0) > 1_000_000'],
    ],
    suite: 'test/approvals/follow-up.test.ts',
  },
  {
    // It takes a step that fails six times after a withdrawal in the middle of it: one history in six thousand.
    name: 'an approval that was opened too late stays open',
    patches: [['workflows/follow-event.ts', "  'approval.opened': cancelOpened,\n", '']],
    suite: 'test/approvals/follow-up.test.ts',
  },
  {
    // Histories fail to recover for days, but mostly come back in time.
    name: 'recovery looks two days back, however long it was down',
    patches: [['workflows/approvals/recover.ts', '(await findRecovered()) ?? earliest', 'now']],
    suite: 'test/approvals/recover.test.ts',
  },
  {
    // Two senders must be between asking and sending at once, or one of them be slower than a day.
    name: 'a new key for each try at Stripe',
    patches: [
      [
        'workflows/payouts/stripe.ts',
        "headers: { 'idempotency-key': reference },",
        "headers: { 'idempotency-key': [reference, performance.now()].join() },",
      ],
    ],
    suite: 'test/payouts/stripe-once.test.ts',
  },
  {
    // Most histories take back too little for a limit.
    name: 'a payout is taken back whole',
    patches: [['shared/payouts/payout-of.ts', 'Math.floor(Math.max(left, 0) / 2)', 'Math.max(left, 0)']],
    suite: 'test/payouts/payout-of.test.ts',
  },
  {
    // It takes an account that changes between two senders: histories had not met it in 1,000.
    name: 'a payout is called failed while somebody is sending it',
    patches: [['workflows/payouts/pay-chunk.ts', '  mustHaveSettled(payee, provider, at);\n', '']],
    suite: 'test/payouts/stripe.test.ts',
  },
  {
    // It takes an execution that is believed lost and goes on, and another that is lost: one history in a thousand.
    name: 'executions of a run count each for itself',
    patches: [['shared/payouts/run.ts', 'Math.max(attempt, run.attempt)', 'attempt']],
    suite: 'test/payouts/pay-day.test.ts',
  },
  {
    // The engine has to leave the right condition unsaid: one history in five hundred.
    name: 'a start that is repeated is refused',
    patches: [['shared/payouts/run-store.ts', 'return firstTryOr(refusal, run, intent);', 'throw refusal;']],
    suite: 'test/payouts/pay-day.test.ts',
  },
  {
    // It takes a worker that is slower than a whole run after its own.
    name: 'whoever was overtaken in a segment still writes',
    patches: [
      [
        'shared/health/scoring-progress-store.ts',
        "when: is('step', '=', step),\n  refuse: () => stale(undefined),\n});",
        "when: any(absent('pk'), is('step', '>=', 0)),\n  refuse: () => stale(undefined),\n});",
      ],
      ['shared/health/scoring-progress-store.ts', 'import { absent, is }', 'import { absent, any, is }'],
    ],
    suite: 'test/health/run.test.ts',
  },
  {
    // Histories know no success plans.
    name: 'a plan that is changed stays accepted',
    patches: [
      [
        'shared/success-plans/mutual-plan.ts',
        'const { accepted: _accepted, ...kept } = before ?? { accepted: undefined };',
        'const { ...kept } = before ?? { accepted: undefined };',
      ],
    ],
    suite: 'test/success-plans/success-plan-door.test.ts',
  },
  {
    name: 'a plan of days looks at what came before it',
    patches: [
      [
        'shared/success-plans/plan-progress.ts',
        'at < end && (kindOf(kind).standing || at >= begin)',
        'at < end && (kindOf(kind).standing || at >= 0)',
      ],
    ],
    suite: 'test/success-plans/mutual-plan.test.ts',
  },
];
