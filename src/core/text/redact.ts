const SECRET_KEY =
  /(pass(word|wd|phrase)?|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|credential|bearer|auth(orization)?)s?$/i;
const ASSIGNMENT = /^(\s*(?:-\s+)?(?:export\s+)?["']?([\w.-]+)["']?\s*[:=]\s*)(\S.*)$/;
/** Texts that are secrets by their form: tokens of GitHub, Slack, AWS, Tailscale, age and JWT, and the credentials part of URLs. */
const SECRET_FORM =
  /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|tskey-[\w-]{10,}|AGE-SECRET-KEY-\w+|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)|(?<=:\/\/[^\s/:@]{1,64}:)[^\s/@]+(?=@)/g;
const MASK = '•••';
const MAX_LENGTH = 200;

/** A line of the audited repo as it may be shown: values under keys that look secret and texts of a secret's form are masked, the rest is cut. */
export function redactLine(line: string): string {
  const [, start, key, value] = ASSIGNMENT.exec(line.slice(0, 2000)) ?? [];
  const isSecret =
    key !== undefined && value !== undefined && SECRET_KEY.test(key) && !/^[[{|>]?\s*(#.*)?$/.test(value);
  const shown = isSecret ? `${start}${MASK}` : redactText(line.slice(0, 2000));
  return shown.length > MAX_LENGTH ? `${shown.slice(0, MAX_LENGTH - 1)}…` : shown;
}

/** Text with everything masked that has the form of a secret. */
export function redactText(text: string): string {
  return text.replace(SECRET_FORM, MASK);
}
