import type { StoredEvent } from '#shared/core/history.ts';
import { systemIntent } from '#shared/core/history.ts';
import { commitChange } from '#shared/platform/history-store.ts';
import { deactivateUser } from '#shared/users/user.ts';
import { changeUser, listUsers } from '#shared/users/user-store.ts';

const perPage = 100;

/**
 * Whoever was invited for an application that has lapsed is no user any more. The company may apply again with the same contact,
 * whose address must be free then.
 */
export const dismissUsers = async (event: StoredEvent): Promise<void> => {
  let after: string | undefined;
  do {
    const page = await listUsers({ partnerId: event.subject, after, limit: perPage });
    for (const user of page.users) {
      if (user.status === 'deactivated') continue;
      const intent = systemIntent('dismiss', user.id, event.at);
      const dismissed = deactivateUser(user, { by: 'system', now: event.at });
      await commitChange(user, changeUser(user, dismissed, { type: 'user.deactivated', intent }));
    }
    after = page.after;
  } while (after !== undefined);
};
