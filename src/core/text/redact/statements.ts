import { isHarmless, isReference, MASK } from './mask.ts';
import { isPassword, isSecretKey } from './words.ts';

const VALUE = `"[^"\\n]*"|'[^'\\n]*'|[^\\s"'\`;,)]+`;

/** Statements of configuration languages after which a password stands without a sign in between. */
const STATEMENTS = [
  // Databases.
  'identified\\s(?:with\\s\\S{1,40}\\s)?by\\s(?:password\\s)?(?=[\'"])',
  '\\bpassword\\s(?=[\'"])',
  '\\b(?:requirepass|masterauth|masteruser\\s\\S{1,60}\\smasterauth)\\s',
  // Installers.
  '\\brootpw\\s(?:--(?:plaintext|iscrypted|lock)\\s){0,2}(?!--)',
  // Switches, routers, monitoring.
  '\\b(?:ro|rw)community6?\\s|\\bsnmp-server\\scommunity\\s',
  '\\b(?:tacacs|radius)-server\\b[^\\n]{0,80}?\\skey\\s(?:\\d\\s)?|\\bmessage-digest-key\\s\\d{1,3}\\smd5\\s(?:\\d\\s)?|\\bauthentication-key\\s(?:\\d\\s)?',
  '\\busername\\s\\S{1,60}\\s(?:[\\w-]{1,20}\\s){0,3}secret\\s(?:\\d\\s)?',
  // Servers that know users by themselves.
  '\\bstats\\sauth\\s[^\\s:]{1,60}:|\\blogin=[^\\s:]{1,60}:|\\bregister\\s=>\\s[^\\s:]{1,60}:|\\blocalclient:',
  '\\bpsk\\s(?=["\'])|\\bsecret\\s(?=["\'])',
  '\\[[\\w.-]{1,100}\\](?::\\d{1,5})?\\s\\S{1,80}@[\\w.-]{1,100}:',
  'chpasswd:?\\s.{0,60}?\\w:|\\bnet\\suse\\s\\S{1,20}\\s\\S{1,120}\\s(?=\\S{1,80}\\s/user:)|ConvertTo-SecureString\\s(?=["\'])',
].map((statement) => new RegExp(`(${statement})(${VALUE})`, 'gi'));

/** Most texts hold none of them. */
const HINT =
  /identified|password|requirepass|masterauth|rootpw|community|tacacs|radius|-key |secret|stats |login=|register |localclient|psk |\]|chpasswd|net use|securestring/i;

/** `$config['password'] = 'x'`: a key in brackets. */
const INDEXED = /(\[["']([\p{L}\p{N}_.-]{2,60})["']\]\s{0,4}=\s{0,4}["'])([^"'\n]+)(?=["'])/gu;
/** `\"password\": \"x\"`: JSON in a text of JSON. */
const ESCAPED = /(\\"([\p{L}\p{N}_.-]{2,60})\\"\s{0,4}:\s{0,4}\\")([^"\\\n]+)(?=\\")/gu;
/** `variable "password" { default = "x" }`. */
const DECLARED = /(\bvariable\s{1,4}"([\w-]{2,60})"\s{0,4}\{[^{}\n]{0,200}?\bdefault\s{0,4}=\s{0,4}")([^"\n]+)(?=")/g;
/** `<Password><Value>x</Value>`. */
const NESTED = /(<([\p{L}\p{N}_.:-]{2,60})>\s{0,20}<[\p{L}\p{N}_.:-]{2,60}>)([^<>\s][^<>]{0,500})(?=<\/)/gu;
/** `| NAS password | x1y2z3 |`: only what no ordinary word looks like. */
const CELL =
  /(\|[ \t]{0,10}([^|\n]{2,60}?)[ \t]{0,10}\|[ \t]{0,10})((?=[^\s|]*\d)(?=[^\s|]*\p{L})[^\s|/.]{5,200})(?=[ \t]{0,10}\|)/gu;
/** `password: {{ 'x' | hash }}`: a text within a template. */
const IN_TEMPLATE = /(([\p{L}\p{N}_.-]{2,60})["']?\s{0,4}[:=]\s{0,4}["']?\{\{\s{0,4})("[^"\n]+"|'[^'\n]+')/gu;
/** `Password for the NAS: x1y2z3`, in a dozen languages: what is said between is short. */
const EXPLAINED =
  /(([\p{L}\p{M}]{2,30}(?:[ \t][\p{L}\p{M}]{2,20})?)[ \t](?:for|of|to|für|von|vom|zum|do|da|de|del|della|di|du|des|para|para o|для|от|к)[ \t][^:\n]{2,40}:[ \t]{1,4})((?=[^\s]*\d)(?=[^\s]*\p{L})[^\s"'`,;]{5,})/gu;

/** Forms that give a value to a key, each with what every text of that form holds: most texts hold none of it. */
const KEYED = [
  [/\[["']/, INDEXED],
  [/\\"/, ESCAPED],
  [/variable/, DECLARED],
  [/<\//, NESTED],
  [/\{\{/, IN_TEMPLATE],
] as const;

/** Masks passwords that a statement, a place in a table or a sentence gives to a word. */
export function maskStatements(text: string): string {
  let masked = text;
  if (HINT.test(masked))
    for (const statement of STATEMENTS)
      masked = masked.replace(statement, (whole, start: string, value: string) =>
        isReference(value) ? whole : `${start}${MASK}`,
      );
  for (const [hint, form] of KEYED)
    if (hint.test(masked))
      masked = masked.replace(form, (whole, start: string, key: string, value: string) =>
        isSecretKey(key) && !isHarmless(value) ? `${start}${MASK}` : whole,
      );
  if (masked.includes('|'))
    masked = masked.replace(CELL, (whole, start: string, key: string, value: string) =>
      isPassword(key) && !isHarmless(value) ? `${start}${MASK}` : whole,
    );
  if (!masked.includes(':')) return masked;
  return masked.replace(EXPLAINED, (whole, start: string, words: string, value: string) =>
    isNamed(words) && !isHarmless(value) ? `${start}${MASK}` : whole,
  );
}

function isNamed(words: string): boolean {
  return words.split(/[ \t]/).some(isPassword) || isSecretKey(words);
}
