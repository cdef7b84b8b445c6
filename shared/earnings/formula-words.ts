import type { Language } from '#shared/core/languages.ts';

type Say = Readonly<Record<string, string | number>>;

/** One way to say each part of a formula; amounts come as text, written as the language writes them. */
interface FormulaWords {
  readonly refunded: (say: Say) => string;
  readonly approvedOfClaim: (say: Say) => string;
  readonly manual: (say: Say) => string;
  readonly askedFor: (say: Say) => string;
  readonly corrected: (say: Say) => string;
  readonly flat: (say: Say) => string;
  readonly percent: (say: Say) => string;
  readonly salesOf: (say: Say) => string;
  readonly usage: (say: Say) => string;
  readonly tier: (say: Say) => string;
  readonly share: (say: Say) => string;
  readonly invoice: (say: Say) => string;
  readonly milestone: (say: Say) => string;
  readonly salesFrom: (say: Say) => string;
  readonly target: (say: Say) => string;
  readonly before: (say: Say) => string;
  readonly ours: string;
  readonly usedUp: string;
}

export const formulaWords: Readonly<Record<Language, FormulaWords>> = {
  en: {
    refunded: ({ refunded, reverses, earned, amount }) =>
      `The customer was refunded ${refunded} after ${reverses} of ${earned} was earned: ${amount}.`,
    approvedOfClaim: ({ amount, activityType }) =>
      `${amount} was approved of the claim, for an activity of type ${activityType}.`,
    manual: ({ asked, amount }) =>
      `A bonus by no rule: our staff asked for it, and it is owed once somebody else has approved it${asked}: ${amount}.`,
    askedFor: ({ asked }) => `, ${asked} of which was asked for`,
    corrected: ({ corrects, was, right, amount }) =>
      `You disputed ${corrects} of ${was}, and ${right} was found right: ${amount} more.`,
    flat: ({ flat }) => `${flat} flat`,
    percent: ({ percent, of }) => `${percent} % of ${of}`,
    salesOf: ({ rate, period }) => `${rate}, the sales of ${period}`,
    usage: ({ month }) => `what the customer used in ${month}`,
    tier: ({ tier }) => `the rate of tier ${tier}`,
    share: ({ share }) => `of which ${share} % is this partner's share`,
    invoice: ({ paid, of }) => `for the ${paid} of ${of} that the customer paid with this invoice`,
    milestone: ({ milestone }) => `because the customer reached "${milestone}"`,
    salesFrom: ({ salesFrom }) => `because sales reached ${salesFrom}`,
    target: ({ percent, target }) => `because sales reached ${percent} % of the target of ${target}`,
    before: ({ before }) => `less ${before} that was booked before`,
    ours: 'which is our share by your agreement and is set against what we owe you',
    usedUp: 'but the budget of this incentive was used up',
  },
  de: {
    refunded: ({ refunded, reverses, earned, amount }) =>
      `Dem Kunden wurden ${refunded} erstattet, nachdem ${reverses} über ${earned} verdient war: ${amount}.`,
    approvedOfClaim: ({ amount, activityType }) =>
      `${amount} wurden vom Antrag bewilligt, für eine Maßnahme der Art ${activityType}.`,
    manual: ({ asked, amount }) =>
      `Ein Bonus ohne Regel: von unserem Haus beantragt und von einer zweiten Person freizugeben${asked}: ${amount}.`,
    askedFor: ({ asked }) => `; beantragt waren ${asked}`,
    corrected: ({ corrects, was, right, amount }) =>
      `Sie haben ${corrects} über ${was} beanstandet, richtig sind ${right}: ${amount} mehr.`,
    flat: ({ flat }) => `${flat} pauschal`,
    percent: ({ percent, of }) => `${String(percent).replace('.', ',')} % von ${of}`,
    salesOf: ({ rate, period }) => `${rate}, dem Umsatz von ${period}`,
    usage: ({ month }) => `für die Nutzung des Kunden im Monat ${month}`,
    tier: ({ tier }) => `der Satz der Stufe ${tier}`,
    share: ({ share }) => `davon ${share} % als Anteil dieses Partners`,
    invoice: ({ paid, of }) => `für die ${paid} von ${of}, die der Kunde mit dieser Rechnung bezahlt hat`,
    milestone: ({ milestone }) => `weil der Kunde „${milestone}“ erreicht hat`,
    salesFrom: ({ salesFrom }) => `weil der Umsatz ${salesFrom} erreicht hat`,
    target: ({ percent, target }) => `weil der Umsatz ${percent} % des Ziels von ${target} erreicht hat`,
    before: ({ before }) => `abzüglich ${before}, die schon gebucht waren`,
    ours: 'unser Anteil nach Ihrer Vereinbarung, der mit dem verrechnet wird, was wir Ihnen schulden',
    usedUp: 'das Budget dieses Anreizes war jedoch aufgebraucht',
  },
};
