/** Attributes of funds that are balances: they move beside the history of what they belong to. */
export const balancesOfFunds = ['available', 'committed', 'expired', 'reservedLeft', 'inReview', 'reimbursed'] as const;
