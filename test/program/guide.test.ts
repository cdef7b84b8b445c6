import type { Context } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { handler } from '#functions/guide/door.ts';
import { guidePdf } from '#functions/guide/guide-pdf.ts';
import { type GuidePart, guideOf } from '#shared/program/guide.ts';
import { guideFormatFor } from '#shared/program/guide-format.ts';
import { guideHtml } from '#shared/program/guide-html.ts';
import { guideMarkdown } from '#shared/program/guide-markdown.ts';
import { rateOf, ruleConditions } from '#shared/program/guide-rates.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import { testTable } from '#test/platform/dynamodb.ts';
import { aProgram, publish } from '#test/support/a-program.ts';
import { type Call, type Door, gatewayEvent } from '#test/support/call.ts';
import { crmSource, editedProgram } from './example-files.ts';

const guide = (program = aProgram()) =>
  guideMarkdown(guideOf({ version: 3, effectiveFrom: '2026-01-01T00:00:00.000Z', program }));

describe('when the guide is made', () => {
  it('then it names the version and the day from which it holds, in the time zone of the program', () => {
    const tokyo = editedProgram(['timeZone: UTC', 'timeZone: Asia/Tokyo']);
    const markdown = guideMarkdown(guideOf({ version: 3, effectiveFrom: '2025-12-31T15:00:00.000Z', program: tokyo }));
    expect(markdown).toContain('version 3 · in force from 1 January 2026');
  });

  it.each([
    { label: 'tiers as a table', text: '| Margin | – | 20 % | 30 % |' },
    { label: 'no limit in words', text: '| Open registrations | 25 | 100 | No limit |' },
    { label: 'rates by tier', text: '| Resale margin | 20 % (Gold), 30 % (Platinum) of the deal |' },
    { label: 'the same rate once', text: '| Referral commission | 10 % of the deal |' },
    { label: 'deal rules', text: '- Approval protects the deal for 90 days.' },
    { label: 'what lateness does', text: 'approves itself after 3 business days' },
    { label: 'MDF', text: '- We bear up to 50 % of the cost, net of VAT.' },
    {
      label: 'what a score is made from',
      text: '| Relationship | Hours to answer our questions about deals, in 4 quarters | Facts | 120 hours | 24 hours |',
    },
    {
      label: 'what is assessed',
      text: '| Market position | Position in the market | Our answer: How strong is the partner in its market? | 1 | 5 |',
    },
    { label: 'payout terms', text: '- What you earned is payable after 30 days (SPIFF: no wait).' },
  ])('then it has $label', ({ text }) => {
    expect(guide()).toContain(text);
  });

  it.each([
    { label: 'an extension', edit: ['extensionDays: 60', 'extensionDays: 0'], text: 'extend' },
    { label: 'the consequence of lateness', edit: ['enabled: true', 'enabled: false'], text: 'approves itself' },
    { label: 'blocked countries', edit: ['[CU, IR, KP, SY]', '[]'], text: 'cannot accept applications' },
    { label: 'a wait after a win', edit: ['newAfterWinMonths: 12', 'newAfterWinMonths: 0'], text: 'After a win' },
  ] as { label: string; edit: [string, string]; text: string }[])(
    'then $label that the program does not have is not spoken of',
    ({ edit, text }) => {
      expect(guide()).toContain(text);
      expect(guide(editedProgram(edit))).not.toContain(text);
    },
  );

  it('then the guide of the CRM’s program leaves out what it has not', () => {
    const markdown = guide(parseProgram(crmSource));
    expect(markdown).not.toContain('MDF');
    expect(markdown).toContain('There is one tier.');
    expect(markdown).toContain('A deal of any size can be registered');
    expect(markdown).toContain('| GTK 500 SPIFF | USD 500.00 to your rep | on GTK 500 |');
  });
});

describe('when a rule has everything that rules can have', () => {
  const program = aProgram();
  const rule = {
    id: 'all',
    name: 'All',
    kind: 'margin-discount' as const,
    per: 'deal' as const,
    percent: 5,
    recurring: 'each-invoice' as const,
    dealValueFrom: { amountMinor: 100, currency: 'USD' },
    dealValueBelow: { amountMinor: 200, currency: 'USD' },
    targetPercentFrom: 80,
    period: { from: '2026-01-01', until: '2026-03-31' },
    registeredBeforeWon: true,
  };

  it('then all of it is said', () => {
    expect(rateOf(rule, program)).toBe('5 % of the deal as a discount, with each invoice');
    expect(ruleConditions(rule, program)).toBe(
      'from a value of USD 1.00, below a value of USD 2.00, from 80 % of your target, registered and approved before they are won, from 2026-01-01 to 2026-03-31',
    );
  });
});

describe('when a text of the program looks like markup', () => {
  const parts = (text: string): readonly GuidePart[] => [
    { kind: 'heading', text },
    { kind: 'paragraph', text },
    { kind: 'list', items: [text] },
    { kind: 'table', head: [text], rows: [[text]] },
  ];

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[click](javascript:alert(1))',
    '![x](x.png)',
    '**bold** _it_ `code` ~~gone~~',
    'a | b',
    '1. one',
    '- minus',
    '# heading',
    '&lt;b&gt; &amp;',
    'back\\slash',
    'two\nlines',
  ])('then %s stays as it is written', (text) => {
    const html = guideHtml(guideMarkdown(parts(text)), text);
    const body = html.slice(html.indexOf('<body>'));
    expect(body).not.toMatch(/<(script|img|a|strong|em|code|del|ol|b)\b/);
    const shown = body
      .replace(/<[^>]*>/g, '\n')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
    expect(shown.split('\n').filter((line) => line.trim() === text.replace('\n', ' '))).toHaveLength(5);
    expect(html.slice(0, html.indexOf('<body>'))).not.toContain('<script');
  });
});

describe('when a text has an address in it', () => {
  it('then it becomes a link to itself and nothing else', () => {
    const text = 'See https://example.com/agreement or javascript:alert(1)';
    const html = guideHtml(guideMarkdown([{ kind: 'paragraph', text }]), 'Guide');
    expect(html).toContain(
      '<p>See <a href="https://example.com/agreement">https://example.com/agreement</a> or javascript:alert(1)</p>',
    );
  });
});

describe('when a format is asked for', () => {
  it.each([
    { accept: '', format: 'markdown' },
    { accept: '*/*', format: 'markdown' },
    { accept: 'application/pdf', format: 'pdf' },
    { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', format: 'html' },
    { accept: 'text/html;q=0.5, application/pdf;q=0.9', format: 'pdf' },
    { accept: 'TEXT/HTML', format: 'html' },
    { accept: 'application/pdf;q=0', format: 'markdown' },
    { accept: 'image/png', format: 'markdown' },
  ])('then "$accept" gets $format', ({ accept, format }) => {
    expect(guideFormatFor(accept)).toBe(format);
  });
});

describe('when the guide is read through its door', () => {
  const get = async (call: Partial<Call> = {}) => {
    const event = gatewayEvent({ operation: 'get-program-guide', at: '2026-07-01T12:00:00.000Z', ...call });
    // middy's handler type knows more about its context than a test has to give.
    return (handler as unknown as Door)(event, {} as Context);
  };

  beforeAll(async () => {
    await testTable();
    await publish(aProgram());
  });

  it('then it is Markdown for who says nothing', async () => {
    const answer = await get();
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': 'text/markdown; charset=utf-8' } });
    expect(answer.body).toMatch(/^# Example Partner Program\n/);
  });

  it('then a browser gets a page that may use its own style and nothing else', async () => {
    const answer = await get({ headers: { accept: 'text/html' } });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'; style-src 'unsafe-inline'"),
    });
    expect(answer.headers).not.toHaveProperty('Content-Security-Policy');
    expect(answer.body).toContain('<h1>Example Partner Program</h1>');
  });

  it('then a PDF is bytes', async () => {
    const answer = await get({ query: { format: 'pdf' } });
    expect(answer).toMatchObject({ isBase64Encoded: true, headers: { 'content-type': 'application/pdf' } });
    expect(
      Buffer.from(answer.body ?? '', 'base64')
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });

  it('then a format that is not there is refused', async () => {
    expect((await get({ query: { format: 'docx' } })).statusCode).toBe(400);
  });
});

describe('when the same guide is printed twice', () => {
  it('then the bytes are the same, whatever the hour', async () => {
    const parts = guideOf({ version: 1, effectiveFrom: '2026-01-01T00:00:00.000Z', program: aProgram() });
    const print = () => guidePdf(parts, { title: 'Guide', at: '2026-01-01T00:00:00.000Z' });
    expect(Buffer.from(await print()).equals(Buffer.from(await print()))).toBe(true);
  });
});
