/** What stands where a secret was. */
export const MASK = '•••';

/** Names of where a secret is, not the secret: variables, commands, templates, placeholders, addresses in a store of secrets. */
const REFERENCES = [
  // With a default that is empty, a switch, or a reference itself.
  '\\\\?\\$\\$?\\{!?\\w+(?:\\[\\w+\\])?(?::?\\?[^}]*|:?[-+=](?:[$/][^}]*\\}?|false|true)?|:\\d+:\\d+)?\\}(?:[/"\'\\s.].*)?',
  '\\\\?\\$\\$?(?:\\d|[A-Z_][A-Z0-9_]*|[a-z_]+)(?:[/"\'].*)?',
  '\\\\?\\$\\(.*',
  '`.*',
  '\\{\\{(?!\\s*["\'])[^{}]*\\}\\}',
  '\\{\\w+\\}',
  '<[\\w -]+>',
  '(?:bw|env|file|infisical|keychain|op|sops|ssm|vault)://.*',
  '[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+',
];
const REFERENCE = new RegExp(`^(?:${REFERENCES.join('|')})$`, 's');

/** Switches, small numbers, kinds of secrets, types and calls of program code, and the words that go on with a sentence. */
const ORDINARY = new RegExp(
  `^(?:${[
    'true|false|yes|no|on|off|null|none|nil|~|\\d{1,3}%?|[\\s.…([-]*',
    'required|optional|enabled|disabled|missing|unset|empty|unknown|absent|present|forbidden|allowed|valid|invalid|ok|done|pass|fail|failed',
    'basic|digest|bearer|oauth2?|oidc|saml|ldap|sso|mtls|tls|jwt|session|anonymous|internal|external|(?:\\w+_)?(?:secret|token|password|key)s?',
    'is|are|has|must|may|not|and|or|the|an?|to|in|of|on|for|from|with|when|as|sets|option|flag|argument|instead',
    'str|string|int|bool|bytes|any|(?:[a-z_]\\w*\\.)*[a-z_]\\w*\\(.*|(?:[a-z_]\\w*\\.)+(?:argv|config|env|environ|get)\\b.*',
  ].join('|')})[.,;:)]{0,2}$`,
  'is',
);
/** Where a file lies: from the root, from home, from here, or two folders deep. */
const PATH = /^(?:(?:~|\.{1,2})\/|\/[a-z0-9_.-]+\/|(?:[a-z0-9_.-]+\/){2})(?:[a-z0-9_.-]+\/)*[a-z0-9_.-]+$/;

/** Whether a value may be shown even where a secret is expected. */
export function isHarmless(value: string): boolean {
  const bare = unquoted(value);
  return isReference(value) || ORDINARY.test(bare) || PATH.test(bare);
}

/** Whether a value only names where the secret is. */
export function isReference(value: string): boolean {
  const bare = unquoted(value);
  return bare === MASK || REFERENCE.test(bare);
}

function unquoted(value: string): string {
  return value.replace(/^["']/, '').replace(/["']$/, '');
}
