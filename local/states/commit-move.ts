import { addTransitions, appendEvents, endExecution } from './execution-store.ts';
import { mapIteration } from './history-event.ts';
import type { Journal } from './journal.ts';
import type { Move } from './move.ts';
import type { Strand } from './strand.ts';
import { deleteItems, writeStrand } from './strand-store.ts';

/** Writes a whole move down in one transaction. Only then may anybody act on it. Returns the strand as it now stands. */
export function commitMove(journal: Journal, move: Move, at: number): Strand {
  return journal.transaction(() => {
    const arn = move.strand.executionArn;
    if (move.endsItems) giveUpItems(journal, move.strand, at);
    const lastEventId = appendEvents(journal, arn, { events: move.events, previousId: move.strand.lastEventId, at });
    if (move.transitions > 0) addTransitions(journal, arn, move.transitions);
    const eventCount = move.strand.eventCount + move.events.length;
    const strand = writeStrand(journal, { ...move.strand, lastEventId, eventCount });
    for (const item of move.items) {
      writeStrand(journal, {
        ...{ ...item, id: 0, executionArn: arn, parent: strand.id, enteredAt: at },
        ...{ retries: {}, calls: 0, lastEventId, eventCount: 0, phase: { kind: 'held' } },
      });
    }
    if (strand.parent === undefined) endWithRoot(journal, strand, at);
    return strand;
  });
}

/** What still runs when a Map is over has come to nothing, and the history says so. */
function giveUpItems(journal: Journal, parent: Strand, at: number): void {
  for (const { item, scope, phase, lastEventId } of deleteItems(journal, parent.id)) {
    if (!item || ['held', 'succeeded', 'failed'].includes(phase.kind)) continue;
    const events = [mapIteration('Aborted', scope.at(-1) ?? '', item.index)];
    appendEvents(journal, parent.executionArn, { events, previousId: lastEventId, at });
  }
}

function endWithRoot(journal: Journal, { phase, executionArn }: Strand, at: number): void {
  if (phase.kind === 'succeeded')
    endExecution(journal, executionArn, { status: 'SUCCEEDED', output: phase.output, at });
  if (phase.kind === 'failed') {
    endExecution(journal, executionArn, { status: 'FAILED', error: phase.error, cause: phase.cause, at });
  }
}
