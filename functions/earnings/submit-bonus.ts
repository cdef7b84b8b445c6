import { type Answer, operation } from '#functions/http/door.ts';
import { derivedId } from '#shared/core/ids.ts';
import { checkDealOf, insertBonus } from '#shared/earnings/bonus-store.ts';
import * as contracts from '#shared/earnings/earning-contract.ts';
import { viewEarning } from '#shared/earnings/earning-contract.ts';
import { checkBonus, submitBonus as submit } from '#shared/earnings/manual-bonus.ts';
import { firstTryOr } from '#shared/platform/history-store.ts';
import { programAt } from '#shared/program/program-store.ts';

/** POST /v1/earnings: a bonus outside of the rules. The id is made from caller and key, so a repeat meets its own first try. */
export const submitBonus = operation(contracts.submitBonus, async ({ body, intent, now }): Promise<Answer> => {
  const { program, version } = await programAt(now);
  const about = { id: derivedId('ern', intent.writeId), now, by: intent.by, programVersion: version };
  const bonus = submit(body, about);
  const save = async () => {
    try {
      checkBonus(body, program);
      await checkDealOf(body);
    } catch (refusal) {
      return firstTryOr(refusal, bonus, intent);
    }
    return insertBonus(bonus, intent);
  };
  const { entity, replayed } = await save();
  return { status: 201, body: viewEarning(entity, now), version: entity.version, replayed };
});
