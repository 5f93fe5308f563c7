/**
 * What a fleet costs on paper, as the table of docs/scale.md: `npm run bench:scale [-- <repositories>] [--results bench/results.json]`.
 * That page cites where limits and prices come from.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Results } from './results.ts';
import { ROUNDS } from './triggers.ts';

/** What one audit takes, as `npm run bench` measures it. */
interface AuditCost {
  /** GitHub counts REST and GraphQL apart. */
  readonly rest: number;
  readonly graphql: number;
  readonly cpuMs: number;
  readonly rowsWritten: number;
  readonly kvWrites: number;
  readonly kvKB: number;
}

export interface Measured {
  readonly night: AuditCost;
  readonly push: AuditCost;
  /** What one target's SQLite holds. */
  readonly storedKB: number;
}

/**
 * The reference at b9beb20e, judged by our own gates, on a busy machine of two cores. A night notes a seventh of some 240 uses, since each is noted once a week.
 * Every commit that was audited leaves its tree for thirty days.
 */
export const RECORDED: Measured = {
  night: { rest: 1, graphql: 1, cpuMs: 80, rowsWritten: 57, kvWrites: 2, kvKB: 54 },
  push: { rest: 2, graphql: 2, cpuMs: 63, rowsWritten: 34, kvWrites: 2, kvKB: 54 },
  storedKB: 17_800,
};

/** Of one repository in a month. */
const HABITS = { nights: 30, pushes: 60 };
/** An isolate that starts cold takes twice the CPU. */
const COLD = 2;
/** Seconds until GitHub has answered. */
const LATENCY = 0.4;
const OBJECT_GB = 0.128;
/** A wish and an alarm. */
const CALLS_PER_AUDIT = 2;
/** An index is written, too. */
const ROWS_PER_CHANGE = 2;
/** Months for which reports are kept; the half of what is written is the latest report once more, which replaces the one before. */
const KEPT_MONTHS = 3;

interface Price {
  readonly included: number;
  /** Dollars for each beyond. */
  readonly each: number;
}

const MILLION = 1e6;
const PLAN = 5;
const PRICES = {
  'Worker requests': { included: 10 * MILLION, each: 0.3 / MILLION },
  'CPU, ms': { included: 30 * MILLION, each: 0.02 / MILLION },
  'Durable Object requests': { included: MILLION, each: 0.15 / MILLION },
  'Durable Object duration, GB-s': { included: 400_000, each: 12.5 / MILLION },
  'SQLite rows written': { included: 50 * MILLION, each: 1 / MILLION },
  'SQLite stored, GB': { included: 5, each: 0.2 },
  'KV writes': { included: MILLION, each: 5 / MILLION },
  'KV stored, GB': { included: 1, each: 0.5 },
} satisfies Record<string, Price>;

type Item = keyof typeof PRICES;

/** What is used in a month. */
export function monthly(repositories: number, { night, push, storedKB }: Measured): Readonly<Record<Item, number>> {
  const { nights, pushes } = HABITS;
  const total = (of: (cost: AuditCost) => number) => repositories * (nights * of(night) + pushes * of(push));
  const audits = repositories * (nights + pushes);
  const seconds = total(({ rest, graphql, cpuMs }) => (rest + graphql) * LATENCY + (cpuMs * COLD) / 1000);
  const keptKB = total(({ kvKB }) => kvKB / 2) * KEPT_MONTHS + repositories * (night.kvKB / 2);
  return {
    'Worker requests': repositories * pushes + nights,
    'CPU, ms': total(({ cpuMs }) => cpuMs * COLD),
    'Durable Object requests': audits * CALLS_PER_AUDIT,
    'Durable Object duration, GB-s': seconds * OBJECT_GB,
    'SQLite rows written': total(({ rowsWritten }) => rowsWritten * ROWS_PER_CHANGE),
    'SQLite stored, GB': (repositories * storedKB) / MILLION,
    'KV writes': total(({ kvWrites }) => kvWrites),
    'KV stored, GB': keptKB / MILLION,
  };
}

/** The number of repositories at which each limit is met, the first one first. `night` is an unchanged one. */
export function bounds({ night, push }: Measured): readonly (readonly [limit: string, repositories: number])[] {
  const daily = night.rest + (HABITS.pushes / HABITS.nights) * push.rest;
  const found: (readonly [string, number])[] = [
    ['a token: 5,000 REST requests an hour, all nights within one', 5_000 / night.rest],
    ['an installation: 12,500 an hour, all nights within one', 12_500 / night.rest],
    ['one cron: 10,000 subrequests, one a target', 10_000],
    ['a token: 5,000 an hour round the clock, pushes included', (24 * 5_000) / daily],
    ['an installation: 12,500 an hour round the clock, pushes included', (24 * 12_500) / daily],
  ];
  return found.sort(([, one], [, other]) => one - other);
}

/** Both as Markdown. */
export function scaleTables(repositories: number, measured: Measured): string {
  const amounts = Object.entries(monthly(repositories, measured));
  let dollars = PLAN;
  const rows = amounts.map(([item, amount]) => {
    // Object.entries forgets its keys.
    const { included, each } = PRICES[item as Item];
    const cost = Math.max(0, amount - included) * each;
    dollars += cost;
    return `| ${item} | ${inWords(amount)} | ${inWords(cost)} |`;
  });
  const limits = bounds(measured).map(([limit, count]) => `| ${limit} | ${inWords(count)} |`);
  return [
    `| ${inWords(repositories)} repositories | a month | dollars beyond what the plan includes |`,
    '|---|---|---|',
    ...rows,
    `| all, with the plan's ${PLAN} dollars | | ${inWords(dollars)} |`,
    '',
    '| limit | met at so many repositories |',
    '|---|---|',
    ...limits,
  ].join('\n');
}

/** Three digits are more than the assumptions bear. */
function inWords(amount: number): string {
  return Number(amount.toPrecision(3)).toLocaleString('en');
}

/** The same figures from a run of the bench. */
function measuredIn({ triggers }: Results): Measured {
  const { 'night (clock moves)': night, 'push of one binding': push } = triggers['our gates'];
  const treeKB = (push.storedKB - night.storedKB) / ROUNDS;
  return { night, push, storedKB: night.storedKB + HABITS.pushes * treeKB };
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { results: { type: 'string' } } });
  const measured =
    values.results === undefined ? RECORDED : measuredIn(JSON.parse(await readFile(values.results, 'utf8')));
  console.log(scaleTables(Number(positionals[0] ?? 100_000), measured));
}
