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
].map((command) => new RegExp(`\\b(${command})(${VALUE})`, 'g'));

/** Masks passwords on command lines. */
export function maskCommands(text: string): string {
  let masked = text.replace(USER, (whole, user: string, password: string) =>
    isAccount(user, password) ? whole : `${user}:${MASK}`,
  );
  masked = masked.replace(OPTION, (whole, option: string, gap: string, value: string) =>
    isSecretKey(option) && !isHarmless(value) ? `${option}${gap}${MASK}` : whole,
  );
  for (const command of SHORT_OPTIONS)
    masked = masked.replace(command, (whole, start: string, value: string) =>
      isReference(value) ? whole : `${start}${MASK}`,
    );
  return masked;
}

/** `1000:1000` and `node:node` are a user and a group; an address follows where a `//` does. */
function isAccount(user: string, other: string): boolean {
  return user === other || /^\d+:\d+$/.test(`${user}:${other}`) || other.startsWith('//') || isReference(other);
}
