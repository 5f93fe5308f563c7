/** What a fleet costs on paper: `node scripts/bench/scale.ts [repositories]`. docs/scale.md shows its table, and cites where limits and prices come from. */

/** Of one repository in a month. */
const HABITS = { nights: 30, pushes: 60, commitsSeenOnce: 1 };
/** Measured by `npm run bench` on the reference at b9beb20e with native gates; CPU is rounded up, and doubled for an isolate that is cold. */
const TAKES = {
  night: { requests: 2, cpuMs: 100 },
  push: { requests: 4, cpuMs: 400 },
};
/** Rows of SQLite that one audit writes, and operations of KV. */
const PER_AUDIT = { rowsWritten: 25, kvWrites: 2, calls: 2, seconds: 3 };
const STORED_GB = 0.005;
/** Dollars, and what the five dollars of the paid plan include. */
const PRICES = {
  base: 5,
  workerRequests: { included: 10e6, perMillion: 0.3 },
  cpuMs: { included: 30e6, perMillion: 0.02 },
  objectRequests: { included: 1e6, perMillion: 0.15 },
  gbSeconds: { included: 400_000, perMillion: 12.5 },
  rowsWritten: { included: 50e6, perMillion: 1 },
  kvWrites: { included: 1e6, perMillion: 5 },
};
const OBJECT_GB = 0.128;
/** GitHub, an hour and credential. */
const GITHUB = { token: 5_000, installation: 12_500 };

const repositories = Number(process.argv[2] ?? 100_000);
const { nights, pushes } = HABITS;
const audits = repositories * (nights + pushes);
const amounts = {
  workerRequests: repositories * pushes + nights,
  cpuMs: repositories * (nights * TAKES.night.cpuMs + pushes * TAKES.push.cpuMs),
  objectRequests: audits * PER_AUDIT.calls,
  gbSeconds: audits * PER_AUDIT.seconds * OBJECT_GB,
  rowsWritten: audits * PER_AUDIT.rowsWritten,
  kvWrites: audits * PER_AUDIT.kvWrites,
};
const rows = Object.entries(amounts).map(([what, amount]) => {
  const { included, perMillion } = PRICES[what as keyof typeof amounts];
  const dollars = (Math.max(0, amount - included) / 1e6) * perMillion;
  return { what, 'a month': Math.round(amount).toLocaleString('en'), dollars: Math.round(dollars) };
});
const total = rows.reduce((sum, { dollars }) => sum + dollars, PRICES.base);
console.table(rows);
const nightly = repositories * TAKES.night.requests;
console.log(
  [
    `${repositories.toLocaleString('en')} repositories: ${total.toLocaleString('en')} dollars a month, and ${Math.round(repositories * STORED_GB).toLocaleString('en')} GB stored`,
    `a night asks GitHub ${nightly.toLocaleString('en')} times: ${Math.ceil(nightly / GITHUB.token)} hours for one token, ${Math.ceil(nightly / GITHUB.installation)} for one installation`,
    `one cron starts ${repositories.toLocaleString('en')} objects; an invocation may make 10,000 subrequests`,
  ].join('\n'),
);
