/** Words that mean a secret wherever they stand in a part of a key, as in `db_passwords`, `passwordOld` or `kennwort2`. */
const WORDS = [
  ...['passw(?:or)?d', 'passphrase', 'passcode', 'secret(?!ar)', 'token(?!i[sz])', 'credential', 'mnemonic'],
  ...[
    '(?:api|app|access|account|auth|encryption|luks|master|munge|preshared|priv|private|secret|session|shared|signing|zfs)key',
  ],
  ...[
    '(?:admin|bind|db|ftp|login|mail|root|smtp|sudo|user)pw(?![a-z])',
    '(?:become|db|key|root|ssh|store|sudo)pass(?![a-z])',
  ],
  ...['passwort', 'kennwort', 'geheim', 'schlu?e?ssel(?!wort)', 'zugangsdaten', 'zugangscode'], // German
  ...['motdepasse', 'jeton'], // French
  ...['contrasena', 'contrasenya', 'clave(?!l)', 'senha', 'segredo', 'segreto'], // Spanish, Catalan, Portuguese, Italian
  ...['wachtwoord', 'sleutel', 'losenord', 'hemlig', 'adgangskode', 'kodeord', 'passord', 'hemmelig'], // Dutch, Swedish, Danish, Norwegian
  ...['salasana', 'salaisuus', 'haslo', 'heslo', 'tajemstvi', 'jelszo', 'parola', 'sifre', 'matkhau', 'katasandi'], // Finnish, Polish, Czech, Hungarian, Romanian, Turkish, Vietnamese, Indonesian
  ...['lozinka', 'geslo', 'slaptazod', 'salasona', 'lykilord'], // Croatian, Slovene, Lithuanian, Estonian, Icelandic
].join('|');
const WORD = new RegExp(WORDS);
/** The same in scripts that are not folded to Latin letters. */
const FOREIGN =
  /пароль|секрет|токен|ключ|密码|密碼|口令|密钥|秘密|パスワード|暗証|비밀번호|κωδικ[οό]|συνθηματικ|كلمة.?(?:ال)?(?:مرور|سر)|گذرواژه|סיסמ|पासवर्ड|รหัสผ่าน/;

/** Words that are too short to be looked for within others: they count only as a part of their own. */
const PARTS = new Set(
  'authorization bearer cookie cred hotp mdp otp parole pepper psk puk pw pwd pword salt totp'.split(' '),
);

/** Words that also mean a check, so that they count only at the end of a key, and only over what looks like a secret. */
const WEAK = new Set(['auth', 'pass', 'pat']);
/** Before them the first is a count of words, and the second a verdict. */
const NOT_AFTER: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['token', new Set('completion input loop max min num output prompt topic total'.split(' '))],
  ['pass', new Set('all band by check first gate must one should slo test verify'.split(' '))],
]);

/** What makes a `key`, a `code` and the like a secret: the part before it. */
const COMPOUNDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    key: 'access account activation admin api app application auth consumer deploy encrypt encryption decryption hmac integration jwt license master preshared priv private recovery routing secret session shared sign signing storage subscription unseal user wep wg zfs luk network legacy wifi wireguard wlan wpa',
    code: 'access backup recovery security',
    session: 'bw bitwarden',
    khau: 'mat',
    sandi: 'kata',
    phrase: 'pass seed recovery',
    seed: 'otp totp wallet',
    community: 'snmp ro rw',
    passe: 'de',
    privada: 'chave clau',
    privee: 'cle',
    secrete: 'cle',
  }).map(([last, before]) => [last, new Set(before.split(' '))]),
);

/** A key that ends so tells about a secret and does not hold it: `token_ttl`, `password_file`, `secret_store`. */
const ABOUT = new Set(
  (
    'age algorithm audience backend binding bindings capability check class cli command contract count date days description dir directory doc docs ' +
    'domain drift effective email enabled endpoint engine env environment excluded exec expansion expiration expires expiry field file filename files folder format gate group groups guide header host hours hydration ' +
    'injection inventory issuer kind label leak length level lifetime limit location login manager max method min minutes mode mount mutating name names namespace note notes ' +
    'owner parity path paths pattern permissions policies policy preferred prefix project provider providers ref reference refs rate registry required role rotated rotation scope scopes script ' +
    'seconds source sources status store strategy suffix surface title tool ttl type types uri url user username users var variable version'
  )
    .split(' ')
    .map(singular),
);

/** Cyrillic letters that look like Latin ones: somebody may type them by accident or on purpose. */
const CYRILLIC = 'аеорсухіѕкмтнв';
const LATIN = 'aeopcyxiskmthb';
/** Letters that Unicode does not take apart. */
const UNDECOMPOSED: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['ł', 'l'],
  ['ø', 'o'],
  ['ı', 'i'],
  ['ð', 'd'],
  ['đ', 'd'],
]);

/** Whatever a key of plain letters has to hold somewhere to mean a secret; most keys of a text hold nothing of it. */
const HINT = new RegExp([WORDS, ...PARTS, ...COMPOUNDS.keys()].join('|'));
const WEAK_HINT = /(?:auth|pass|pat)\d*$/i;
const COMPOUND_HINT = new RegExp(`(?:${[...COMPOUNDS.keys()].join('|')})s?\\d*$`, 'i');

/** Whether what stands under a key is a secret by the key's words, in whatever case, spelling or (of a dozen) language. */
export function isSecretKey(key: string): boolean {
  const lower = key.toLowerCase();
  const isPlain = /^[\0-\x7f]*$/.test(key);
  if (isPlain && !HINT.test(lower.replace(/[^a-z]/g, ''))) return false;
  if (!isPlain && FOREIGN.test(lower.normalize('NFC'))) return true;
  const parts = partsOf(key);
  const last = parts.at(-1);
  if (last === undefined || ABOUT.has(last)) return false;
  return parts.some((part, index) => isSecretPart(part, parts[index - 1]));
}

function isSecretPart(part: string, before: string | undefined): boolean {
  if (before !== undefined && NOT_AFTER.get(part)?.has(before)) return false;
  return PARTS.has(part) || WORD.test(part) || isCompound(part, before);
}

/** Whether a key may mean a secret or a check: `auth`, `smtp_pass`. */
export function isWeakKey(key: string): boolean {
  if (!WEAK_HINT.test(key)) return false;
  const parts = partsOf(key);
  const last = parts.at(-1) ?? '';
  return WEAK.has(last) && !NOT_AFTER.get(last)?.has(parts.at(-2) ?? '');
}

/** Whether a word means a secret only together with the one before it, as in `api key`. */
export function isCompoundWord(word: string): boolean {
  return COMPOUND_HINT.test(folded(word)) && COMPOUNDS.has(partsOf(word).at(-1) ?? '');
}

/** Whether a key is a password's, which nobody uses as the first half of a name. */
export function isPassword(key: string): boolean {
  const last = partsOf(key).at(-1) ?? '';
  return /^(?:pw|pwd|passin|passout|phrase)$|passw|passphrase|mnemonic|kennwort|wachtwoord|contrasena|senha/.test(last);
}

function isCompound(part: string, before: string | undefined): boolean {
  return before !== undefined && (COMPOUNDS.get(part)?.has(before) ?? false);
}

/** `dbPasswords_2` is `db`, `password`: split at signs and capitals, in plain small Latin letters, without numbers and plurals. */
function partsOf(key: string): readonly string[] {
  const spaced = key.replace(/(\p{Ll}|\d)(?=\p{Lu})/gu, '$1 ').replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1 ');
  const plain = folded(spaced).toLowerCase();
  return Array.from(plain, asLatin)
    .join('')
    .split(/[^\p{L}\p{N}]+/u)
    .map(singular)
    .filter((part) => part !== '');
}

/** Letters without their accents. */
function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '');
}

function asLatin(letter: string): string {
  const index = CYRILLIC.indexOf(letter);
  return index < 0 ? (UNDECOMPOSED.get(letter) ?? letter) : LATIN.charAt(index);
}

function singular(part: string): string {
  return part.replace(/\d+$/, '').replace(/(?<=[a-z]{2}[^s])s$/, '');
}
