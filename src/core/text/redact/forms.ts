import { MASK } from './mask.ts';

/** Tokens that say by their first letters whose they are. */
const TOKENS = [
  'gh[opsur]_[A-Za-z0-9_]{16,}(?:\\.[\\w-]+)*|github_pat_\\w{16,}', // GitHub
  'gl(?:agent|cbt|dt|ft|imt|oas|pat|ptt|rt|soat)-[\\w.-]{16,}', // GitLab
  'xox[a-z]-[\\w-]{10,}|xapp-[\\w-]{10,}', // Slack
  '(?:A3T[A-Z0-9]|ABIA|ACCA|AGPA|AIDA|AIPA|AKIA|ANPA|ANVA|AROA|ASIA)[A-Z0-9]{16}', // AWS
  'AIza[\\w-]{30,}|ya29\\.[\\w-]{20,}|GOCSPX-[\\w-]{20,}', // Google
  'sk-[A-Za-z0-9][\\w-]{15,}', // OpenAI, Anthropic
  '(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[\\w+/=]{16,}', // Stripe
  'npm_[A-Za-z0-9]{30,}|pypi-[\\w-]{24,}|rubygems_[0-9a-f]{40,}|dckr_pat_[\\w-]{20,}|hf_[A-Za-z0-9]{30,}', // registries
  'tskey-[\\w-]{8,}|dop_v1_[0-9a-f]{40,}|v1\\.0-[0-9a-f]{20,64}-[0-9a-f]{12,}|dp\\.[a-z]{2,5}\\.[\\w.-]{10,}', // Tailscale, DigitalOcean, Cloudflare, Doppler
  'hv[bsr]\\.[\\w-]{10,}|ATATT3[\\w=-]{20,}|glsa_\\w{20,}|glc_[\\w=+/]{20,}|SG\\.[\\w-]{16,64}\\.[\\w-]{16,}', // Vault, Atlassian, Grafana, SendGrid
  'shp(?:at|ca|pa|ss)_[0-9a-f]{20,}|lin_api_\\w{20,}|pul-[0-9a-f]{30,}|sntry[su]_[\\w=+/]{20,}|ops_eyJ[\\w-]{20,}', // Shopify, Linear, Pulumi, Sentry, 1Password
  'eyJ[\\w-]{10,2000}\\.[\\w-]{10,}(?:\\.[\\w-]*){0,3}', // JWT
  '\\d{6,12}:[A-Za-z0-9_-]{30,}|[MNO][\\w-]{20,30}\\.[\\w-]{6}\\.[\\w-]{25,}', // Telegram, Discord
  '1//0[\\w-]{20,}|claim-(?=\\w{0,19}\\d)[A-Za-z0-9_]{20}(?![\\w-])|figd_[\\w-]{20,}|sl\\.[A-Z][\\w-]{30,}|fm[12]_[\\w+/=]{16,}|pscale_[a-z]+_[\\w-]{20,}', // Google, Plex, Figma, Dropbox, Fly, PlanetScale
  'sbp_[0-9a-f]{40}|\\w{14}\\.atlasv1\\.[\\w-]{20,}|nfp_\\w{20,}|dapi[0-9a-f]{32}|NRAK-[A-Z0-9]{20,}|key-[0-9a-f]{32}\\b', // Supabase, Terraform, Netlify, Databricks, New Relic, Mailgun
  'gsk_\\w{40,}|xai-[\\w-]{20,}|r8_\\w{30,}|pplx-\\w{30,}|PMAK-[0-9a-f]{20,}-[0-9a-f]{20,}|bk[a-z]a_[0-9a-f]{30,}', // Groq, xAI, Replicate, Perplexity, Postman, Buildkite
  'CCIPAT_\\w{20,}|ntn_\\w{30,}|pat\\w{14}\\.[0-9a-f]{40,}|HRKU-[\\w-]{20,}|EZ[AT]K\\w{40,}|oauth:[a-z0-9]{30}\\b', // CircleCI, Notion, Airtable, Heroku, EasyPost, Twitch
  'st\\.[0-9a-f]{20,}\\.[0-9a-f]{20,}|K10[0-9a-f]{40,}::[\\w:.-]{6,}', // Infisical, K3s
  'sq0[a-z]{3}-[\\w-]{20,}|tk_[a-z0-9]{29}\\b|SK[0-9a-f]{32}\\b|0\\.[0-9a-f-]{36}\\.\\w{20,}:[\\w+/=]{10,}', // Square, ntfy, Twilio, Bitwarden
].join('|');

const FORMS = new RegExp(
  [
    `(?<![A-Za-z0-9])(?:${TOKENS})`,
    '\\b(?:AGE-SECRET-KEY|age-secret-key|AGE-PLUGIN-\\w+)-\\w+',
    // Chat webhooks: whoever knows the address may write.
    '(?<=hooks\\.slack\\.com/(?:services|workflows|triggers)/)[\\w/-]+',
    '(?<=discord(?:app)?\\.com/api/webhooks/\\d{1,24}/)[\\w-]+',
    '(?<=\\.webhook\\.office\\.com/webhookb2/)[\\w@/-]+',
    // Addresses of push services and monitors: what stands behind the host is the token.
    '(?<=\\b(?:gotifys?|pover|pbul|discord|slack)://(?:[\\w.-]{1,100}(?::\\d{1,5})?/)?)[\\w-]{8,}(?:/[\\w-]{8,})*',
    '(?<=/api/push/)[\\w-]{8,}',
    // Password hashes: bcrypt, crypt, LDAP, Django, PostgreSQL, MySQL. Compose files double each dollar.
    '\\$\\$?2[abxy]?\\$\\$?\\d\\d\\$\\$?[./A-Za-z0-9]{20,}',
    '\\$\\$?(?:5|6|7|gy|y)\\$\\$?(?:[\\w=,.+-]{1,40}\\$\\$?){0,2}[./\\w]{4,}(?:\\$\\$?[./\\w]+)?',
    '\\$\\$?(?:1|apr1|md5|sha1)\\$\\$?[./\\w]{1,16}\\$\\$?[./\\w]{20,}',
    '\\$\\$?(?:argon2(?:id?|d)|scrypt|pbkdf2[\\w-]*|bcrypt-sha256)\\$[\\w$=,./+-]{8,}',
    '\\b(?:pbkdf2_\\w+|bcrypt(?:_sha256)?|argon2)\\$[\\w$=,./+-]{8,}',
    '\\bSCRAM-SHA-\\d+\\$\\d+:[\\w$+/=:]{8,}',
    '(?<![\\w*])\\*[0-9A-F]{40}\\b',
    '\\{(?:S?SHA|SMD5|CRYPT)(?:\\d{3})?\\}[\\w+/=$.]{8,}',
    // Private keys, up to their end or for as far as they are there.
    '-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\\s\\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)',
  ].join('|'),
  'g',
);

/** Runs of letters and digits without any order: a key's bytes in base64. */
const RUN = /(?<![A-Za-z0-9+/_-])(?<!sha\d{1,3}[:-])[A-Za-z0-9+/]{32,}={0,2}(?![\w-])/gi;
/** Public by nature: OpenSSH's public keys, and what a digest is announced by. */
const PUBLIC = /^AAAA(?:[BCE]3NzaC1|E2VjZHNh|G[\w]{6,}c2s)/;

/** Masks what is a secret by its form alone: tokens of known services, password hashes, private keys and the lines of their bodies. */
export function maskForms(text: string): string {
  return text.replace(FORMS, MASK).replace(RUN, (run) => (isRandom(run) && !PUBLIC.test(run) ? MASK : run));
}

/** In names and paths small letters follow each other; in random bytes the kind of character changes all the time, and digits stand in between. */
function isRandom(run: string): boolean {
  const kinds = run.match(/[a-z]+|[A-Z]+|\d+/g) ?? [];
  const inWords = kinds.filter((kind) => /^[a-z]{4}/.test(kind)).join('').length;
  const hasDigitWithin = kinds.slice(1, -1).some((kind) => /\d/.test(kind));
  return (
    kinds.length / run.length >= 0.3 &&
    inWords / run.length < 0.35 &&
    hasDigitWithin &&
    /[a-z]/.test(run) &&
    /[A-Z]/.test(run)
  );
}
