/** One credit as a bank reads it. */
export interface ReadCredit {
  readonly routingNumber: string;
  readonly account: string;
  readonly cents: number;
  readonly name: string;
  readonly id: string;
  readonly trace: string;
  readonly addenda: string;
}

/** Cuts a line into fields of these widths. */
const cut = (line: string, ...widths: readonly number[]): readonly string[] => {
  const starts = widths.map((_, index) => widths.slice(0, index).reduce((sum, width) => sum + width, 0));
  return widths.map((width, index) => line.slice(starts[index], (starts[index] ?? 0) + width));
};

const must = (holds: boolean, words: string): void => {
  if (!holds) throw new Error(words);
};

const checkDigit = (eight: string): number => {
  const sum = [...eight].reduce((total, digit, index) => total + Number(digit) * ([3, 7, 1][index % 3] ?? 0), 0);
  return (10 - (sum % 10)) % 10;
};

const entriesOf = (lines: readonly string[]): readonly ReadCredit[] =>
  lines.flatMap((line, index) => {
    if (!line.startsWith('6')) return [];
    const [, code, bank = '', digit, account = '', amount, id = '', name = '', , marked, trace = ''] = cut(
      line,
      ...[1, 2, 8, 1, 17, 10, 15, 22, 2, 1, 15],
    );
    must(code === '22' || code === '32', 'an entry is no credit');
    must(checkDigit(bank) === Number(digit), 'a check digit is wrong');
    must(marked === '1', 'an entry says that it has no addenda');
    const [type, kind, text = '', number, entry] = cut(lines[index + 1] ?? '', 1, 2, 80, 4, 7);
    must(type === '7' && kind === '05' && number === '0001' && entry === trace.slice(8), 'an addenda is not its own');
    return [
      {
        routingNumber: `${bank}${digit}`,
        account: account.trim(),
        cents: Number(amount),
        name: name.trim(),
        id: id.trim(),
        trace,
        addenda: text.trim(),
      },
    ];
  });

/** Reads an ACH file by its places, as the rules' appendix lays them out. Throws when a count, a sum or a hash does not hold. */
export const readNacha = (text: string): readonly ReadCredit[] => {
  must(/^[\x20-\x7e\n]*$/.test(text), 'a letter is not ASCII');
  const lines = text.replace(/\n$/, '').split('\n');
  must(
    lines.every((line) => line.length === 94),
    'a line has not 94 places',
  );
  must(lines.length % 10 === 0, 'the last block is not full');
  const told = lines.filter((line) => line !== '9'.repeat(94));
  must(lines.length - told.length < 10, 'there is a block of nines too many');
  must(
    told
      .map((line) => line[0])
      .join('')
      .replace(/(67)+/, 'E') === '15E89',
    'records are out of order',
  );
  const credits = entriesOf(told);
  const sum = credits.reduce((total, { cents }) => total + cents, 0);
  const hash = String(credits.reduce((total, { routingNumber }) => total + Number(routingNumber.slice(0, 8)), 0)).slice(
    -10,
  );
  const [, service, count, entryHash, debits, total] = cut(told.at(-2) ?? '', 1, 3, 6, 10, 12, 12);
  must(service === '220' && Number(count) === credits.length * 2, 'the batch counts wrong');
  must(Number(entryHash) === Number(hash) && Number(debits) === 0 && Number(total) === sum, 'the batch sums wrong');
  const [, batches, blocks, all, fileHash, fileDebits, fileTotal] = cut(told.at(-1) ?? '', 1, 6, 6, 8, 10, 12, 12);
  must(Number(batches) === 1 && Number(blocks) === lines.length / 10, 'the file counts its blocks wrong');
  must(Number(all) === credits.length * 2 && Number(fileHash) === Number(hash), 'the file counts wrong');
  must(Number(fileDebits) === 0 && Number(fileTotal) === sum, 'the file sums wrong');
  must(
    credits.every(({ trace }, index) => Number(trace.slice(8)) === index + 1),
    'traces are not in order',
  );
  return credits;
};
