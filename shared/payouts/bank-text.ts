/** Letters that are no letter with a mark. German banks write umlauts with an e, which is how accounts are held. */
const written: Readonly<Record<string, string>> = {
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  ẞ: 'SS',
  Æ: 'AE',
  æ: 'ae',
  Œ: 'OE',
  œ: 'oe',
  Ø: 'O',
  ø: 'o',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  Ð: 'D',
  ð: 'd',
  Þ: 'Th',
  þ: 'th',
  ı: 'i',
  '&': '+',
  _: '-',
  '’': "'",
  '–': '-',
  '—': '-',
};

/**
 * A text in the letters that every bank takes (EPC217-08: a–z A–Z 0–9 / - ? : ( ) . , ' + and spaces), cut to its place. What has no
 * such letter becomes a full stop; a text of which nothing is left is told as such, since the place may not be empty.
 */
export const bankText = (text: string, places: number): string => {
  const spelled = [...text.normalize('NFC')].map((letter) => written[letter] ?? letter).join('');
  const plain = spelled
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/[^A-Za-z0-9/\-?:().,'+ ]/gu, '.')
    .trim();
  return /[A-Za-z0-9]/.test(plain) ? plain.slice(0, places).trim() : 'NOTPROVIDED'.slice(0, places);
};
