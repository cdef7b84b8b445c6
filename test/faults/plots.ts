/** What a history is about: who gets in, and who may sell to whom; what is earned and promised for it; how it is paid out; what the quarters come to. */
export const plots = ['deals', 'money', 'payouts', 'health'] as const;
export type Plot = (typeof plots)[number];
