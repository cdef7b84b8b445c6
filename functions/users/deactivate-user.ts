import { answerChange } from '#functions/http/answer-change.ts';
import { operation } from '#functions/http/door.ts';
import { mustReach } from '#shared/core/access.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { deactivateUser as deactivate } from '#shared/users/user.ts';
import * as contracts from '#shared/users/user-contract.ts';
import { viewUser } from '#shared/users/user-contract.ts';
import { changeUser, getUser } from '#shared/users/user-store.ts';

/** DELETE /v1/users/{userId}: the record stays, because what the user did stays. */
export const deactivateUser = operation(contracts.deactivateUser, (request) =>
  answerChange(request, async () => {
    const { caller, params, now, intent } = request;
    const user = await getUser(params.userId);
    mustReach('deactivate-user', caller, user.partnerId);
    return {
      before: user,
      view: viewUser,
      save: async () => {
        if (user.status === 'deactivated') return { entity: user, replayed: false };
        const after = deactivate(user, { by: caller.id, now });
        return commitChange(user, changeUser(user, after, { type: 'user.deactivated', intent }));
      },
    };
  }),
);
