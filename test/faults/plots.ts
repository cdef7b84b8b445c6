/** What a history is about: who gets in, and who may sell to whom; what is earned and promised for it; how it is paid out. */
export const plots = ['deals', 'money', 'payouts'] as const;
export type Plot = (typeof plots)[number];
