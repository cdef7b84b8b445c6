/** What stands at `/` until the portal does. */
export const startPage = (issuer: string): string => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Tandem on this laptop</title>
  <style>body { font: 1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; color: #1b1f24; }</style>
</head>
<body>
  <main>
    <h1>Tandem on this laptop</h1>
    <ul>
      <li><a href="/docs">The API, to read</a> and as <a href="/openapi.json">OpenAPI document</a></li>
      <li><a href="/v1/program/guide">The program guide</a></li>
      <li><a href="/local/mailbox">What was sent by e-mail</a></li>
      <li><a href="/local/clock">The system’s clock</a></li>
      <li><a href="/local/dead-letters">What could not be processed</a></li>
      <li><a href="${issuer}/.well-known/openid-configuration">The identity provider</a></li>
    </ul>
  </main>
</body>
</html>`;
