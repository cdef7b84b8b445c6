/** What differs by stage stands here and nowhere else. */
export interface Stage {
  readonly name: string;
  /** Encrypt the program table with a key of our own, which can be revoked, instead of the one AWS manages. */
  readonly ownKey: boolean;
  readonly secondFactor: 'optional' | 'required';
  /** Have the user pool judge every sign-in; costs money for each person and month. */
  readonly threatProtection: boolean;
  /** The sender of every e-mail; its domain must be a verified identity of the account's mail service. */
  readonly mailFrom: string;
  /** Who is told of alarms; must confirm once that it wants them. */
  readonly alarmsTo: string;
  /** Where people sign in and come back to; links in e-mails begin with it. */
  readonly portalUrl: string;
  /** The day on which its secrets were renewed last: they are read when this changes, and the stage is deployed. */
  readonly secretsSince: string;
  /** A certificate for the portal's domain, in us-east-1; without one the distribution has AWS's own domain. */
  readonly certificateArn?: string;
  /** For how long nobody can delete a day's root of the audit trail, whoever asks. What was locked once stays locked so long. */
  readonly auditRetentionDays: number;
  /** Requests per second, and how many may come at once, over the whole API. */
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
}

const stages: readonly Stage[] = [
  {
    name: 'dev',
    ownKey: false,
    secondFactor: 'optional',
    threatProtection: false,
    mailFrom: 'partners@dev.tandem.example',
    alarmsTo: 'operations@tandem.example',
    portalUrl: 'http://localhost:3000',
    secretsSince: '2026-11-21',
    auditRetentionDays: 1,
    requestsPerSecond: 100,
    requestBurst: 200,
  },
  {
    name: 'prod',
    ownKey: true,
    secondFactor: 'required',
    threatProtection: true,
    mailFrom: 'partners@tandem.example',
    alarmsTo: 'operations@tandem.example',
    portalUrl: 'https://partners.tandem.example',
    secretsSince: '2026-11-21',
    // Ten years, as long as everything about money is kept.
    auditRetentionDays: 3653,
    requestsPerSecond: 500,
    requestBurst: 1000,
  },
];

/** Throws when there is no such stage, naming those there are: a typing error must not become a new cloud. */
export const stageNamed = (name: string): Stage => {
  const stage = stages.find((each) => each.name === name);
  if (!stage) throw new Error(`No stage is called ${name}. There are: ${stages.map((each) => each.name).join(', ')}.`);
  return stage;
};
