import type { Persona } from './personas.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign);

const roleNames: Readonly<Record<string, string>> = {
  partner_manager: 'Partner manager',
  finance: 'Finance',
  admin: 'Administrator',
};

const row = ({ id, name, email, role }: Persona): string => `
      <li>
        <button name="username" value="${escapeHtml(id)}">
          <strong>${escapeHtml(name)}</strong>
          <span>${escapeHtml(role ? `${roleNames[role] ?? role}, ${email}` : 'Invited to the portal')}</span>
        </button>
      </li>`;

/** Who do you want to be? One form of plain buttons, so that keyboards and screen readers need nothing special. */
export const signInPage = (personas: readonly Persona[], action: string): string => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Sign in on this laptop</title>
  <style>
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 4rem auto; padding: 0 1rem; color: #1b1f24; }
    ul { list-style: none; padding: 0; display: grid; gap: .5rem; }
    button { font: inherit; width: 100%; text-align: left; padding: .75rem 1rem; border: 1px solid #6b7280; border-radius: .5rem; background: #fff; color: inherit; cursor: pointer; }
    button:hover, button:focus-visible { outline: 3px solid #1d4ed8; outline-offset: 1px; }
    button span { display: block; color: #4b5563; }
  </style>
</head>
<body>
  <main>
    <h1>Sign in on this laptop</h1>
    <p>There are no passwords here. Choose who you are.</p>
    <form method="post" action="${escapeHtml(action)}">
      <ul>${personas.map(row).join('')}
      </ul>
    </form>
  </main>
</body>
</html>`;
