import { isHarmless, isReference, MASK } from './mask.ts';
import { isSecretKey } from './words.ts';

const VALUE = `"[^"]*"|'[^']*'|[^\\s"'\`]+`;
/** `-u user:password`, as curl and many others take it. */
const USER = /(?<=(?:^|[\s"'`])(?:-u|--user|--proxy-user)[\s=]{0,4}["']?)([\w$][^\s:"'`%+]{0,63}):([^\s"'`]+)/g;
/** `--password value`. */
const OPTION = new RegExp(`(?<=^|[\\s"'\`])(--?[A-Za-z][\\w-]{1,60})([ \\t]{1,4})(?![-<>|&;])(${VALUE})`, 'g');
/** Commands whose one-letter option takes a password. */
const SHORT_OPTIONS = [
  '(?:mysql\\w*|mariadb[\\w-]*)\\b[^|;&\\n]{0,120}?\\s-p',
  'sshpass\\s+-p\\s?',
  'snmp\\w+\\b[^|;&\\n]{0,120}?\\s-c\\s?',
  'redis-cli\\b[^|;&\\n]{0,120}?\\s-a\\s?',
  'ldap\\w+\\b[^|;&\\n]{0,120}?\\s-w\\s?',
  '(?:ipmitool|mosquitto_\\w+)\\b[^|;&\\n]{0,120}?\\s-P\\s?',
  'smb\\w+\\b[^|;&\\n]{0,120}?\\s-U\\s?[^\\s%]{1,64}%',
  '(?:docker|podman|buildah|helm|oras)\\s(?:[\\w-]+\\s)?login\\b[^|;&\\n]{0,120}?\\s-p\\s?',
  'mongo\\w*\\b[^|;&\\n]{0,120}?\\s-p\\s?',
  '(?:zip|unzip)\\b[^|;&\\n]{0,120}?\\s-P\\s?',
  '7z\\w?\\b[^|;&\\n]{0,120}?\\s-p',
  'openssl\\b[^|;&\\n]{0,120}?\\s(?:-k\\s|-pass(?:in|out)?\\spass:)',
  'htpasswd\\s(?:-\\w+\\s){0,4}-\\w*b\\w*\\s(?:-\\w+\\s){0,4}\\S{1,100}\\s\\S{1,100}\\s',
  'ssh-keygen\\b[^|;&\\n]{0,120}?\\s-N\\s',
  'redfishtool\\b[^|;&\\n]{0,120}?\\s-p\\s?',
  'https?\\s(?:-\\w+\\s){0,4}-a\\s?[^\\s:]{1,60}:',
  'nsupdate\\b[^|;&\\n]{0,120}?\\s-y\\s?(?:[\\w-]{1,40}:){1,2}',
  'rclone\\sconfig\\b[^|;&\\n]{0,120}?\\spass\\s',
  'curl\\b[^|;&\\n]{0,200}?\\s(?:-b|--cookie)[\\s=]?(?=["\']?[\\w.-]{1,60}=)',
  '(?:auth|priv)\\s(?:MD5|SHA(?:-?\\d+)?|DES|AES(?:-?\\d+)?)\\s',
].map((command) => new RegExp(`\\b(${command})(${VALUE})`, 'g'));

/** Most texts hold none of those commands. */
const SHORT_OPTION_HINT =
  /mysql|mariadb|sshpass|snmp|redis-cli|ldap|ipmitool|mosquitto|smb|login|mongo|zip|7z|openssl|htpasswd|rclone|curl|auth |priv |ssh-keygen|redfishtool|http|nsupdate/;

/** `echo x | docker login --password-stdin`: whoever takes a password that way. */
const PIPED =
  /(\b(?:echo|printf)\s(?:-\w+\s){0,2}(?:["']%s[^"'\s]{0,4}["']\s)?)("[^"\n]*"|'[^'\n]*'|[^\s"'|]+)(?=\s*\|[^|\n]{0,100}(?:password-stdin|--stdin\b|cryptsetup|chpasswd|sudo -S|passphrase-fd))/g;
/** `Authorization "Basic x"` without a colon. */
const SCHEMED = /(\b(?:Bearer|Basic)[ \t]{1,4})((?=[\w+/.~-]*(?:\d|=))[\w+/.~-]{8,}={0,2})/g;

/** Masks passwords on command lines. */
export function maskCommands(text: string): string {
  let masked = text.replace(USER, (whole, user: string, password: string) =>
    isAccount(user, password) ? whole : `${user}:${MASK}`,
  );
  masked = masked.replace(OPTION, (whole, option: string, gap: string, value: string) =>
    isSecretKey(option) && !isHarmless(value) ? `${option}${gap}${MASK}` : whole,
  );
  if (SHORT_OPTION_HINT.test(masked))
    for (const command of SHORT_OPTIONS)
      masked = masked.replace(command, (whole, start: string, value: string) =>
        isReference(value) ? whole : `${start}${MASK}`,
      );
  return masked
    .replace(PIPED, (whole, start: string, value: string) => (isReference(value) ? whole : `${start}${MASK}`))
    .replace(SCHEMED, (_, scheme: string) => `${scheme}${MASK}`);
}

/** `1000:1000` and `node:node` are a user and a group; an address follows where a `//` does. */
function isAccount(user: string, other: string): boolean {
  return user === other || /^\d+:\d+$/.test(`${user}:${other}`) || other.startsWith('//') || isReference(other);
}
