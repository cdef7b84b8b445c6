/** What a key or a password looks like when somebody leaves one lying about. */
const shapes: Readonly<Record<string, RegExp>> = {
  'an AWS access key': /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/,
  'an AWS secret key': /aws.{0,20}secret.{0,20}['"=:\s]\s*['"]?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/i,
  'a private key': /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
  'a private key as JSON': /"d"\s*:\s*"[A-Za-z0-9_-]{40,}"/,
  'a signed token': /\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}/,
  'a token of a code host or a chat':
    /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50,}|xox[abprs]-[\w-]{20,}|npm_[A-Za-z0-9]{36})\b/,
  'an API key of ours': /\btk_(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{30,}/,
  'a password in an address': /\b[a-z]+:\/\/[^\s:/@'"$]+:[^\s:/@'"$]{6,}@(?!\$|\S*\.example)/i,
  'a password or key in a setting':
    /\b(?:password|passwd|secret|api_?key|access_?token)\b['"]?\s*[:=]\s*['"](?=[^'"]*\d)(?=[^'"]*[a-z])[A-Za-z0-9+/_=-]{20,}['"]/i,
};

/** `path:line: what it looks like`, never the secret itself. */
export const findSecrets = (path: string, text: string): readonly string[] =>
  text.split('\n').flatMap((line, index) =>
    Object.entries(shapes)
      .filter(([, shape]) => shape.test(line))
      .map(([name]) => `${path}:${index + 1}: ${name}`),
  );
