import { documents } from '#shared/platform/table.ts';

/** Counts what leaves for the database; SDK retries count too. */
export const countRequests = () => {
  let requests = 0;
  documents.middlewareStack.add(
    (next) => (args) => {
      requests += 1;
      return next(args);
    },
    { step: 'finalizeRequest', name: 'countRequests', override: true },
  );
  return async (what: () => Promise<unknown>): Promise<number> => {
    requests = 0;
    await what();
    return requests;
  };
};
