/** A payment in a status report: its reference, its status, and why. */
type Reported = readonly [
  reference: string,
  status: string,
  code?: string | undefined,
  words?: string | undefined,
  amount?: string | undefined,
];

const reason = (code?: string, words?: string): string =>
  code || words
    ? `<StsRsnInf>${code ? `<Rsn><Cd>${code}</Cd></Rsn>` : ''}${words ? `<AddtlInf>${words}</AddtlInf>` : ''}</StsRsnInf>`
    : '';

/** A payment status report about our file, as a bank sends it. */
export const aPain002 = ({
  messageId = 'run_0123456789ABCDEFGHJKMNPQRS',
  group = '',
  groupReason = '',
  block = '',
  controlSum = '',
  payments = [] as readonly Reported[],
  version = '10',
} = {}): string => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.${version}">
  <CstmrPmtStsRpt>
    <GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-11-06T06:00:00Z</CreDtTm></GrpHdr>
    <OrgnlGrpInfAndSts>
      <OrgnlMsgId>${messageId}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>
      ${group ? `<GrpSts>${group}</GrpSts>` : ''}${reason(groupReason)}
    </OrgnlGrpInfAndSts>
    <OrgnlPmtInfAndSts>
      <OrgnlPmtInfId>${messageId}-N</OrgnlPmtInfId>
      ${controlSum ? `<OrgnlCtrlSum>${controlSum}</OrgnlCtrlSum>` : ''}
      ${block ? `<PmtInfSts>${block}</PmtInfSts>` : ''}
      ${payments
        .map(
          ([reference, status, code, words, amount]) => `<TxInfAndSts>
        <OrgnlInstrId>${reference}</OrgnlInstrId><OrgnlEndToEndId>${reference}</OrgnlEndToEndId>
        <TxSts>${status}</TxSts>${reason(code, words)}
        ${amount ? `<OrgnlTxRef><Amt><InstdAmt Ccy="USD">${amount}</InstdAmt></Amt></OrgnlTxRef>` : ''}
      </TxInfAndSts>`,
        )
        .join('\n')}
    </OrgnlPmtInfAndSts>
  </CstmrPmtStsRpt>
</Document>`;

/** One booking on our account. */
export interface Booked {
  readonly reference: string;
  readonly direction?: 'DBIT' | 'CRDT';
  readonly status?: 'BOOK' | 'PDNG' | 'INFO';
  readonly returned?: string;
  readonly reversal?: boolean;
  readonly amount?: string;
  readonly currency?: string;
  /** What stands in the details of the payment, beside the entry's amount. */
  readonly details?: string;
}

const entryOf = (booked: Booked, version: string): string => {
  const { reference, direction = 'DBIT', status = 'BOOK', returned, reversal, details = '' } = booked;
  const { amount = '1234.56', currency = 'USD' } = booked;
  return `<Ntry>
        <Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${direction}</CdtDbtInd>${reversal ? '<RvslInd>true</RvslInd>' : ''}
        <Sts>${version === '02' ? status : `<Cd>${status}</Cd>`}</Sts>
        <NtryDtls><TxDtls>
          <Refs><EndToEndId>${reference}</EndToEndId></Refs>${details}
          ${returned ? `<RtrInf><Rsn><Cd>${returned}</Cd></Rsn></RtrInf>` : ''}
        </TxDtls></NtryDtls>
      </Ntry>`;
};

/** A day's account statement. */
export const aCamt053 = (entries: readonly Booked[], version = '08'): string => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}">
  <BkToCstmrStmt>
    <GrpHdr><MsgId>STMT-1</MsgId><CreDtTm>2026-11-07T05:00:00Z</CreDtTm></GrpHdr>
    <Stmt><Id>1</Id>${entries.map((entry) => entryOf(entry, version)).join('\n')}</Stmt>
  </BkToCstmrStmt>
</Document>`;
