/** The package ships no types of its own; these are the parts that are used. */
declare module '@midlandsbank/node-nacha' {
  interface Credit {
    readonly name: string;
    readonly account: { readonly num: string; readonly type: 'C' | 'S' };
    readonly routing: string;
    readonly amount: number;
    readonly identificationNumber: string;
    readonly traceNumber: string;
    readonly addenda: string;
  }

  interface Batch {
    readonly companyName: string;
    readonly companyId: string;
    readonly originatingDFIIdentification: string;
    readonly effectiveDate: string;
    readonly description: string;
    readonly date: string;
  }

  interface File {
    readonly object: {
      readonly file: { creationDate: string; creationTime: string; readonly footer: { readonly blockCount: number } };
    };
    ccd(batch: Batch): Entries;
  }

  interface Entries extends File {
    credit(entry: Credit): Entries;
  }

  const nacha: {
    create(of: {
      readonly from: { readonly name: string; readonly fein: string };
      readonly for: { readonly name: string; readonly routing: string };
      readonly referenceCode: string;
    }): File;
    from(file: File): { to(format: 'ach'): string };
  };
  export = nacha;
}
