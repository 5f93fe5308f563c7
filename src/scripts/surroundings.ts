/** What a repo does not determine, each in the words of a reason: a verdict that hangs on one of these is none. */
export const RESPECTS = {
  system: 'which system this is',
  listing: 'the order of a listing',
  collation: 'the order of letters in the language of the machine',
  keys: 'the order of an associative array',
  user: 'who runs it',
  modes: 'what others may do with files',
  time: 'how long commands take',
  chance: 'chance',
  names: 'numbers of processes and names of temporary files',
  zone: 'the time zone of the machine',
  environment: 'variables that a terminal or CI sets',
  programs: 'where programs lie',
  terminal: 'whether somebody sits at a terminal',
} as const;

export type Respect = keyof typeof RESPECTS;

/** One machine, as far as scripts can tell it from another. Data only. */
export interface Surroundings {
  readonly system: 'Linux' | 'Darwin';
  /** In what order a folder gives its names, seen from bytewise sorted, and an associative array its keys, seen from the order in which they came. */
  readonly listing: 'forward' | 'reversed';
  readonly collation: 'bytes' | 'en_US';
  /** Whoever runs the script, and whether the checkout is theirs. */
  readonly user: { readonly number: number; readonly name: string; readonly isOwner: boolean };
  /** Rights that files do not get when they are made or checked out. */
  readonly umask: number;
  /** Seconds that a program takes, by the clock and by `$SECONDS`: nobody holds that against a date, so it may run fast without a day going by. */
  readonly pace: { readonly clock: number; readonly stopwatch: number };
  /** Where chance, the hashes of texts and the numbers of processes begin. */
  readonly seed: number;
  readonly zone: 'UTC' | 'of another day';
  /** What a script finds set that it has not set. `{root}` and `{home}` stand for those folders, `{commit}` for what is checked out, `{zone}` for the zone. */
  readonly environment: ReadonlyMap<string, string>;
  /** Where the programs lie that POSIX knows, and all others. */
  readonly programs: { readonly path: string; readonly standard: string; readonly others: string };
  readonly hasTerminal: boolean;
}

/** What terminals, CI and macOS set. Nothing of it changes what our own programs do. */
const VARIABLES: Readonly<Record<string, string>> = {
  CI: 'true',
  CONTINUOUS_INTEGRATION: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_ACTOR: 'someone',
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_BASE_REF: 'main',
  GITHUB_ENV: '/dev/null',
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_EVENT_PATH: '/home/runner/work/_temp/_github_workflow/event.json',
  GITHUB_HEAD_REF: 'change',
  GITHUB_JOB: 'check',
  GITHUB_OUTPUT: '/dev/null',
  GITHUB_PATH: '/dev/null',
  GITHUB_REF: 'refs/pull/1/merge',
  GITHUB_REF_NAME: '1/merge',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_REPOSITORY: 'someone/somewhere',
  GITHUB_REPOSITORY_OWNER: 'someone',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_ID: '1',
  GITHUB_RUN_NUMBER: '1',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_SHA: '{commit}',
  GITHUB_STEP_SUMMARY: '/dev/null',
  GITHUB_WORKFLOW: 'check',
  GITHUB_WORKSPACE: '{root}',
  RUNNER_ARCH: 'ARM64',
  RUNNER_OS: 'macOS',
  RUNNER_TEMP: '/var/tmp',
  BUILDKITE: 'true',
  CIRCLECI: 'true',
  GITLAB_CI: 'true',
  JENKINS_URL: 'https://jenkins.example.com/',
  TF_BUILD: 'True',
  TRAVIS: 'true',
  TERM: 'xterm-256color',
  TERM_PROGRAM: 'Apple_Terminal',
  COLORTERM: 'truecolor',
  COLUMNS: '80',
  LINES: '24',
  CLICOLOR: '1',
  FORCE_COLOR: '1',
  NO_COLOR: '1',
  DEBUG: '1',
  DISPLAY: ':0',
  EDITOR: 'vi',
  VISUAL: 'vi',
  PAGER: 'less',
  SHELL: '/bin/zsh',
  SSH_CLIENT: '192.0.2.1 50000 22',
  SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22',
  SSH_TTY: '/dev/pts/0',
  SUDO_USER: 'someone',
  TMPDIR: '/var/tmp',
  TZ: '{zone}',
  TMUX: '/private/tmp/tmux-0/default,1,0',
  XDG_CACHE_HOME: '{home}/.cache',
  XDG_CONFIG_HOME: '{home}/.config',
  XDG_DATA_HOME: '{home}/.local/share',
  XDG_RUNTIME_DIR: '/tmp',
  XDG_STATE_HOME: '{home}/.local/state',
  XDG_SESSION_TYPE: 'tty',
};

/** Where every script runs. */
export const USUAL_SURROUNDINGS: Surroundings = {
  system: 'Linux',
  listing: 'forward',
  collation: 'bytes',
  user: { number: 1000, name: 'auditor', isOwner: true },
  umask: 0o022,
  pace: { clock: 0, stopwatch: 0 },
  seed: 4242,
  zone: 'UTC',
  environment: new Map(),
  programs: { path: '/usr/local/bin:/usr/bin:/bin', standard: '/usr/bin', others: '/usr/bin' },
  hasTerminal: false,
};

/** Different in every respect: where a script runs again whose verdict leans on one of them. */
export const OTHER_SURROUNDINGS: Surroundings = {
  system: 'Darwin',
  listing: 'reversed',
  collation: 'en_US',
  user: { number: 0, name: 'root', isOwner: false },
  umask: 0o077,
  pace: { clock: 1, stopwatch: 100 },
  seed: 70_001,
  zone: 'of another day',
  environment: new Map(Object.entries(VARIABLES)),
  programs: {
    path: '/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    standard: '/bin',
    others: '/opt/homebrew/bin',
  },
  hasTerminal: true,
};
