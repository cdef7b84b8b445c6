import * as z from 'zod';

/** Said of what is taken back. It stands alone, since deals and claims say it too, and their doors need no more of earnings for it. */
export const ForFraud = z.literal(true).optional().meta({
  description: 'For fraud: it comes off the next payout in full; otherwise at most half of a payout does',
});
