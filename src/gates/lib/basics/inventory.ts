import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { matching, textOr } from './define.ts';
import { folderOf } from './paths.ts';
import { documentsOf, field, listAt, mapAt, textAt } from './yaml-files.ts';

export interface Inventory {
  readonly hosts: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** Whether it speaks for the variables in a folder: it does not where several projects share a repo, and this one's hosts are elsewhere. */
  speaksFor(folder: string): boolean;
}

/** Hosts that one line of an inventory may stand for. */
const MOST_HOSTS = 1000;

const PATTERNS = [
  '**/inventory',
  '**/hosts',
  '**/inventory/**',
  '**/inventories/**',
  '**/inventory*.ini',
  '**/inventory*.yml',
  '**/inventory*.yaml',
  '**/hosts.ini',
  '**/hosts.yml',
  '**/hosts.yaml',
  '**/hosts.cfg',
];

/** What makes an inventory by itself. */
const TOOLS = ['**/Vagrantfile', '**/molecule/*/molecule.yml'];
const PLAYS = ['*.yml', '**/playbooks/**/*.yml', '**/ansible/*.yml', '**/roles/*/tasks/*.yml'];

/** Hosts and groups of the inventories in a repo; undefined where there is none, or where a program decides. */
export function staticInventory(repo: Repo): Inventory | undefined {
  const files = matching(repo, PATTERNS).filter(
    (path) => !/(?:^|\/)(?:host|group)_vars\/|\.(?:md|j2|tpl|example)$/.test(path),
  );
  const hosts = new Set<string>(['localhost']);
  const groups = new Set<string>(['all', 'ungrouped']);
  const tools = matching(repo, TOOLS);
  const plays = matching(repo, PLAYS);
  repo.prefetch([...files, ...tools, ...plays]);
  for (const file of files) {
    const text = textOr(repo, file);
    if (typeof text !== 'string') return undefined;
    if (isProgram(repo, file, text)) return undefined;
    if (/\.ya?ml$/.test(file)) for (const document of documentsOf(repo, file)) addGroups(document, hosts, groups);
    else if (!/\.\w+$/.test(file) || /\.(?:ini|cfg)$/.test(file)) addLines(text, hosts, groups);
  }
  if (hosts.size === 1 || plays.some((file) => makesHosts(repo, file))) return undefined;
  for (const file of tools) addNamed(repo, file, hosts, groups);
  const homes = [...files, ...tools].map(folderOf);
  const speaksFor = (folder: string) => {
    const project = folderOf(folder);
    return project === '' || homes.some((home) => `${home}/`.startsWith(`${project}/`));
  };
  return { hosts, groups, speaksFor };
}

/** Hosts and groups of a Vagrantfile, or of a scenario of Molecule: either makes an inventory of its own. */
function addNamed(repo: Repo, file: string, hosts: Set<string>, groups: Set<string>): void {
  if (file.endsWith('.yml')) {
    for (const scenario of documentsOf(repo, file)) addScenario(scenario, hosts, groups);
    return;
  }
  const text = textOr(repo, file);
  if (typeof text !== 'string') return;
  // A Vagrantfile is a program: whatever it quotes may be either.
  for (const [, name = ''] of text.matchAll(/["']([\w.-]+)["']/g)) {
    hosts.add(name);
    groups.add(name);
  }
}

function addScenario(scenario: YamlValue, hosts: Set<string>, groups: Set<string>): void {
  for (const platform of listAt(scenario, 'platforms')) {
    hosts.add(textAt(platform, 'name'));
    for (const list of ['groups', 'children']) for (const group of listAt(platform, list)) groups.add(group.target.raw);
  }
  const inventory = field(scenario, 'provisioner', 'inventory');
  const own = inventory && field(inventory, 'hosts');
  if (own) addGroups(own, hosts, groups);
}

function isProgram(repo: Repo, file: string, text: string): boolean {
  return repo.isExecutable(file) || text.startsWith('#!') || /^plugin:/m.test(text) || /\.(?:py|sh|js)$/.test(file);
}

/** Whether a play adds hosts and groups as it runs. */
function makesHosts(repo: Repo, file: string): boolean {
  const text = textOr(repo, file);
  return typeof text === 'string' && /\b(?:add_host|group_by)\s*:/.test(text);
}

function addGroups(group: YamlValue, hosts: Set<string>, groups: Set<string>, depth = 0): void {
  if (depth > 16) return;
  for (const [name, value] of mapAt(group)) {
    groups.add(name);
    for (const [host] of mapAt(value, 'hosts')) for (const one of expanded(host)) hosts.add(one);
    const children = field(value, 'children');
    if (children) addGroups(children, hosts, groups, depth + 1);
  }
}

function addLines(text: string, hosts: Set<string>, groups: Set<string>): void {
  let section = '';
  for (const line of text.split('\n')) {
    const bare = line.replace(/(?:^|\s)[#;].*$/, '').trim();
    const name = /^\[([^\]]+)\]$/.exec(bare)?.[1];
    if (name !== undefined) {
      section = name.split(':')[1] ?? '';
      groups.add(name.split(':')[0] ?? name);
      continue;
    }
    const [word = ''] = bare.split(/\s+/, 1);
    if (word === '' || section === 'vars') continue;
    if (section === 'children') groups.add(word);
    else for (const host of expanded(word)) hosts.add(host);
  }
}

/** `web[01:03]` as the hosts that it stands for, a thousand at most. */
function expanded(host: string): readonly string[] {
  let hosts = [host];
  for (let ranges = host.split('[').length; ranges > 1; ranges--) {
    const next: string[] = [];
    for (const one of hosts) if (next.length < MOST_HOSTS) next.push(...firstRangeOf(one));
    hosts = next.slice(0, MOST_HOSTS);
  }
  return hosts.map((one) => one.replace(/:\d+$/, ''));
}

function firstRangeOf(host: string): readonly string[] {
  const [, start = '', from, to, end = ''] = /^([^[]*)\[(\d+):(\d+)\](.*)$/.exec(host) ?? [];
  if (from === undefined || to === undefined) return [host];
  const count = Math.max(0, Math.min(MOST_HOSTS, Number(to) - Number(from) + 1));
  const width = from.startsWith('0') ? from.length : 0;
  return Array.from({ length: count }, (_, at) => `${start}${String(Number(from) + at).padStart(width, '0')}${end}`);
}
