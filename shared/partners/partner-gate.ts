/** What other nouns must know of a partner before they let it act: whether it is active, and what it is. */
export interface Gate {
  readonly partnerId: string;
  readonly status: string;
  readonly tier: string;
  readonly types: readonly string[];
  readonly region: string;
  /** Registrable domain of the company: nobody is paid for itself as a customer. */
  readonly domain?: string | undefined;
}

/** What a territory rule asks of whoever registers this customer. */
export interface TerritoryLimit {
  /** The rule in the program's own words, quoted in a refusal. */
  readonly words: string;
  /** Whether the partner must be one of these, or must not. */
  readonly inside: boolean;
  readonly types: readonly string[];
  readonly partnerIds: readonly string[];
}
