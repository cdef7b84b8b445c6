import { defineConfig } from 'vitest/config';

/** Only what tests rules without a table: each mutant is tried in milliseconds. */
export default defineConfig({
  test: {
    include: [
      'test/core/{access,business-days,lifecycle,money,quarters}.test.ts',
      'test/deals/{customer-lock,deal-life,deal-refusals,deal-registration}.test.ts',
      'test/approvals/approval.test.ts',
      'test/partners/partner-life-rules.test.ts',
    ],
    pool: 'threads',
  },
});
