import { documents } from '#shared/platform/table.ts';

const sent: string[] = [];

// Inside the SDK's own retries, so that each attempt counts.
documents.middlewareStack.add(
  (next, context) => (request) => {
    sent.push(String(context.commandName).replace('Command', ''));
    return next(request);
  },
  { step: 'deserialize', name: 'countRequests' },
);

/** What reaches DynamoDB while `work` runs, request by request. */
export const requestsOf = async <Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly requests: readonly string[] }> => {
  const before = sent.length;
  const result = await work();
  return { result, requests: sent.slice(before) };
};
