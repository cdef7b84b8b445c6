import { expect, test } from 'vitest';
import { compilePattern } from '#local/stream/event-pattern.ts';

const record = { eventName: 'INSERT', dynamodb: { Keys: { sk: { S: 'event#00000001' } }, SizeBytes: 10 } };
const sk = (test: unknown) => ({ dynamodb: { Keys: { sk: { S: [test] } } } });

test.each([
  ['any of its values', { eventName: ['MODIFY', 'INSERT'] }, true],
  ['another value', { eventName: ['REMOVE'] }, false],
  ['a prefix', sk({ prefix: 'event#' }), true],
  ['another prefix', sk({ prefix: 'deal' }), false],
  ['a suffix', sk({ suffix: '01' }), true],
  ['no case', { eventName: [{ 'equals-ignore-case': 'insert' }] }, true],
  ['anything but another', { eventName: [{ 'anything-but': ['REMOVE'] }] }, true],
  ['anything but itself', { eventName: [{ 'anything-but': 'INSERT' }] }, false],
  ['presence', sk({ exists: true }), true],
  ['absence', { dynamodb: { NewImage: { status: { S: [{ exists: false }] } } } }, true],
  ['a range', { dynamodb: { SizeBytes: [{ numeric: ['>', 5, '<=', 10] }] } }, true],
  ['a range it is not in', { dynamodb: { SizeBytes: [{ numeric: ['>', 10] }] } }, false],
  ['one field of two', { eventName: ['INSERT'], eventSource: ['aws:sqs'] }, false],
])('when a pattern asks for %s, then the record is judged so', (_, pattern, matches) => {
  expect(compilePattern(pattern)(record)).toBe(matches);
});

test.each([
  ['a matcher', sk({ wildcard: '*' }), 'wildcard'],
  ['an operator', { $or: [] }, '$or'],
])('when a pattern uses %s that the laptop does not know, then it is refused by name', (_, pattern, name) => {
  expect(() => compilePattern(pattern)).toThrow(name);
});
