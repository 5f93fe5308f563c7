import { type Wish, wishesIn } from '../wishes.ts';

const PRAGMAS =
  /^(?:busy_timeout|foreign_key_check|foreign_key_list|foreign_keys|index_info|index_list|integrity_check|quick_check|synchronous|table_info|user_version)$/i;
const WISHES: readonly Wish[] = [
  { pattern: /\b(?:now|current_(?:date|time|timestamp)|julianday|unixepoch)\b/i, what: 'the clock of SQLite' },
  { pattern: /\b(?:date|time|datetime|strftime)\s*\(/i, what: 'the clock of SQLite' },
  { pattern: /\brandom(?:blob)?\b/i, what: 'chance, in SQLite' },
  { pattern: /\bsqlite_(?:version|source_id|compileoption\w*|offset)\b/i, what: 'the SQLite of the machine' },
  { pattern: /\bWITH\b(?!\s*OUT)/i, what: 'WITH, in SQL' },
  {
    pattern: /\b(?:ATTACH|DETACH|VACUUM|VIRTUAL|TRIGGER)\b/i,
    what: 'ATTACH, VACUUM, TRIGGER or a virtual table, in SQL',
  },
  {
    pattern: /\b(?:json_each|json_tree|pragma_\w+|fts[345]\w*|load_extension|zeroblob)\b/i,
    what: 'a function of tables or files, in SQL',
  },
  // What sql.js has beyond SQLite.
  {
    pattern:
      /\b(?:pad[lrc]|strfilter|charindex|leftstr|rightstr|reverse|proper|replicate|stdev|variance|mode|median|(?:low|upp)er_quartile|difference|square|cot|coth)\s*\(/i,
    what: 'a function that the SQLite of the machine may not have',
  },
];

/** What SQL asks for that is not here, as far as its words tell. */
export function needsInSql(sql: string): readonly string[] {
  const needs = [...wishesIn(sql, WISHES)];
  for (const [, name = ''] of sql.matchAll(/\bPRAGMA\s+(?:\w+\s*\.\s*)?(\w*)/gi)) {
    if (!PRAGMAS.test(name)) needs.push(`PRAGMA ${name}, in SQL`);
  }
  return needs;
}
