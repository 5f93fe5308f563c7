import { INVOLVED_EXPRESSIONS } from '../../lib/bash/extended-regexp.ts';
import { defineGate } from '../../lib/define.ts';
import { absent, unparsable } from '../../lib/files/files.ts';
import { mapsIn, textsUnder } from '../../lib/files/members.ts';
import { program, yaml } from '../../lib/needs.ts';
import { readConventions } from '../../lib/spine/schema-conventions.ts';
import { variationsOf } from '../../lib/variations.ts';

const CONVENTIONS = 'ops/bindings/spine.schema.conventions.yaml';
const AUDIT = 'ops/plugins/verify/bin/schema-conventions-audit';
const BINDING = /^ops\/bindings\/.*\.ya?ml$/s;
const DATE = /\d{4}-\d{2}-\d{2}/;
/** More of a value than this does not go into the identity of a finding. */
const LONGEST_WORD = 60;

const HOSTS = 'ops/bindings/hosts.yaml';
const changed = variationsOf(
  {
    [AUDIT]: '#!/bin/bash\n',
    [CONVENTIONS]: `policy: { always_validate_files: [${CONVENTIONS}, ${HOSTS}] }
status_rules: { allowed_values: [active, ready], lifecycle_values: [ready] }
date_rules: { canonical_fields: [updated_at], accepted_legacy_fields: [updated] }
field_rules: { disallowed_alias_keys: [vmid, notes] }
legacy_alias_rules:
  touch_to_fix_required: true
  legacy_exceptions: [{ file: ${HOSTS}, allowed_keys: [notes] }]
`,
    [HOSTS]: `status: active
updated: mid February
hosts: [{ id: vmid, status: "", lifecycle: null, updated_at: 2026-02-17T20:00:00Z, notes: old }]
`,
  },
  { executable: [AUDIT] },
);

export default defineGate({
  name: 'spine-schema-conventions-lock',
  mirrors: ['b75241d78cfd6e01bb451ec84855b4ce3f0731f6'],
  why: 'When the bindings use three words for one state and four date formats, the tools that read them disagree without anybody noticing.',
  fix: 'Use the words, date form and keys that spine.schema.conventions.yaml lists, or record the exception there.',
  limits:
    'Only the files listed in the conventions, and uncommitted edits, are checked: at a commit most bindings go unread.',
  needs: { audit: program(AUDIT), conventions: yaml(CONVENTIONS) },
  deviates: [INVOLVED_EXPRESSIONS],

  rules: {
    'key-is-allowed': '{path} uses the key `{key}`, which is retired.',
    'word-is-known': '`{word}` is not a known value of `{field}`.',
    'date-has-iso-form': '`{field}` is `{date}`, which does not have the date form of the conventions.',
  },

  *check(given, report, { repo }) {
    const conventions = readConventions(given.conventions);
    const edited = repo.uncommitted().filter((path) => BINDING.test(path));
    const candidates = [...new Set([...conventions.listedFiles(), ...edited])].filter((path) => path !== '');
    repo.prefetch(candidates);
    for (const path of candidates) {
      if (!repo.isFile(path)) {
        yield absent(repo, path);
        continue;
      }
      if (!repo.isYaml(path)) {
        yield unparsable(repo, path);
        continue;
      }
      const maps = mapsIn(repo, path);
      const mustMend = edited.includes(path) && conventions.touchedMustMend();
      for (const key of conventions.retiredKeys()) {
        const holder = maps.flat().find((map) => map.has(key));
        if (!holder || (conventions.isExcepted(path, key) && !mustMend)) continue;
        yield report('key-is-allowed', `${path}#${key}`, holder.get(key), { path, key });
      }
      for (const { field, words } of conventions.vocabularies()) {
        for (const [text, at] of textsUnder(field, maps)) {
          const word = text.slice(0, LONGEST_WORD);
          if (!words.includes(text)) yield report('word-is-known', `${path}#${field}=${word}`, at, { word, field });
        }
      }
      const form = conventions.dateForm();
      for (const field of conventions.dateFields()) {
        for (const [date, at] of textsUnder(field, maps)) {
          if (!DATE.test(date) || form.test(date)) continue;
          yield report('date-has-iso-form', `${path}#${field}`, at, { field, date });
        }
      }
    }
  },

  examples: {
    pass: [changed('words, dates and keys as the conventions have them', {})],
    fail: [
      changed('a retired key', { 'hosts:': 'vmid: 9\nhosts:' }, `key-is-allowed ${HOSTS}#vmid`),
      changed('a word in another case', { 'status: active': 'status: Active' }, `word-is-known ${HOSTS}#status=Active`),
      changed('a date with an offset', { '00Z': '00+01:00' }, `date-has-iso-form ${HOSTS}#updated_at`),
    ],
  },
});
