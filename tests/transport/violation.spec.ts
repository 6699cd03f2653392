import { expect, test } from '@playwright/test';

import { violationOf } from '../../src/transport/violation.ts';

const limits = { maxPayload: 4, maxFragments: 2 };

// What `ws` reports of real bytes is in tests/faults/violations.spec.ts.

test('a frame in too many pieces is no matter of maxFragments, though ws gives both one code', () => {
  const reported = Object.assign(new Error('Too many buffered chunks'), { code: 'WS_ERR_TOO_MANY_BUFFERED_PARTS' });
  const { closeCode, error } = violationOf(reported, limits);

  expect(closeCode).toBe(1008);
  expect(error.message).toBe(
    'The server sent a frame in more than 262144 pieces, which is as many as are kept\n  The client closed the connection with 1008 Policy violation.',
  );
  expect(error).toMatchObject({ code: 'WS_PROTOCOL_ERROR', cause: reported });
});

test('what ws reports without a code that it documents keeps its words, and no close frame is claimed', () => {
  const { closeCode, error } = violationOf(new Error('something new'), limits);

  expect(closeCode).toBeUndefined();
  expect(error.message).toBe('The connection cannot go on: something new');
});
