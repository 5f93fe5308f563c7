import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { extendedRegExp, REPEATED_GROUPS } from '../../lib/bash/extended-regexp.ts';
import { absent, isProgram, notRunnable, unparsable } from '../../lib/files/files.ts';
import { type Maps, mapsIn, textsUnder } from '../../lib/files/members.ts';
import { variationsOf } from '../../lib/variations.ts';

const CONVENTIONS = 'ops/bindings/spine.schema.conventions.yaml';
const AUDIT = 'ops/plugins/verify/bin/schema-conventions-audit';
const BINDING = /^ops\/bindings\/.*\.ya?ml$/s;
const VOCABULARIES = { status: 'allowed_values', lifecycle: 'lifecycle_values' };
const DATE = /\d{4}-\d{2}-\d{2}/;
const ISO_DATE = '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T][0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$';

const HOSTS = 'ops/bindings/hosts.yaml';
const SOUND = {
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
};
const executable = [AUDIT];
const changed = variationsOf(SOUND, { executable });
const touched = variationsOf(SOUND, { executable, uncommitted: [HOSTS, 'ops/bindings/new.yaml.example'] });

export default defineGate({
  name: 'spine-schema-conventions-lock',
  mirrors: ['b75241d78cfd6e01bb451ec84855b4ce3f0731f6'],
  why: 'Three words for one state and four date formats, and tools that read the bindings disagree without a sound. Only the files listed in the conventions, and uncommitted edits, are examined: at a commit most bindings go unread.',
  fix: 'Use the words, date form and keys that spine.schema.conventions.yaml lists, or record the exception there.',
  reads: [CONVENTIONS, AUDIT],
  deviates: [REPEATED_GROUPS],

  *check({ repo }) {
    if (!isProgram(repo, AUDIT)) return yield notRunnable(repo, AUDIT);
    if (!repo.isFile(CONVENTIONS)) return yield absent(repo, CONVENTIONS);
    if (!repo.isYaml(CONVENTIONS)) return yield unparsable(repo, CONVENTIONS);
    const conventions = repo.yaml(CONVENTIONS);
    const edited = repo.uncommitted().filter((path) => BINDING.test(path));
    const listed = textsOf(conventions.get('policy', 'always_validate_files'));
    const candidates = [...new Set([...listed, ...edited])].filter((path) => path !== '');
    repo.prefetch(candidates);
    for (const path of candidates) {
      if (!repo.isFile(path)) yield absent(repo, path);
      else if (!repo.isYaml(path)) yield unparsable(repo, path);
      else yield* breaches(path, mapsIn(repo, path), conventions, edited.includes(path));
    }
  },

  examples: {
    pass: [
      changed('an excepted key, empty words, prose for a date, a key that is only a value', {}),
      changed('nothing listed and nothing touched', { [`[${CONVENTIONS}, ${HOSTS}]`]: '[]' }),
      touched('an excepted key may stay where the word "false" says so', { 'required: true': 'required: "false"' }),
    ],
    fail: [
      { title: 'an audit program that cannot run', files: SOUND, finds: [`program-can-run ${AUDIT}`] },
      { title: 'no conventions', files: { [AUDIT]: '' }, executable, finds: [`file-exists ${CONVENTIONS}`] },
      changed('conventions that are not YAML', { 'policy: {': 'policy: [' }, `file-is-yaml ${CONVENTIONS}`),
      {
        title: 'a touched binding that is gone, and one that is not YAML',
        files: { ...SOUND, 'ops/bindings/deep/b.yml': 'a: [' },
        executable,
        uncommitted: ['ops/bindings/a.yaml', 'ops/bindings/deep/b.yml', 'docs/c.yaml'],
        finds: ['file-exists ops/bindings/a.yaml', 'file-is-yaml ops/bindings/deep/b.yml'],
      },
      changed(
        'a disallowed key, once however often it occurs',
        { 'hosts:': 'vmid: 9\nother: [{ vmid: 7 }]\nhosts:' },
        `key-is-allowed ${HOSTS}#vmid`,
      ),
      touched('an excepted key in a touched file', { ': true': ': false' }, `key-is-allowed ${HOSTS}#notes`),
      changed(
        'words in another case, the same twice, a boolean, a list',
        { 'hosts:': 'x: [{ status: Active }, { status: Active }, { status: true }, { lifecycle: [a, b] }]\nhosts:' },
        `word-is-known ${HOSTS}#status=Active`,
        `word-is-known ${HOSTS}#status=true`,
        `word-is-known ${HOSTS}#lifecycle=[a, b]`,
      ),
      changed(
        'a map in place of a word is judged line by line',
        { 'status: active': 'status:\n  now: up\n  later: down' },
        `word-is-known ${HOSTS}#status=now: up`,
        `word-is-known ${HOSTS}#status=later: down`,
      ),
      changed(
        'the line between two documents is taken for a word',
        { 'hosts:': '---\nstatus: ready\nhosts:' },
        `word-is-known ${HOSTS}#status=---`,
      ),
      changed('a date with an offset', { '00Z': '00+01:00' }, `date-has-iso-form ${HOSTS}#updated_at`),
      changed(
        'a date form of the repo’s own',
        { 'canonical_fields:': 'iso_8601_regex: "^[[:digit:]]+$", canonical_fields:' },
        `date-has-iso-form ${HOSTS}#updated_at`,
      ),
    ],
  },
});

function* breaches(path: string, maps: readonly Maps[], rules: YamlValue, isTouched: boolean): Generator<Problem> {
  const legacy = rules.get('legacy_alias_rules');
  const mustMend = isTouched && legacy.get('touch_to_fix_required').or('true') === 'true';
  for (const key of new Set(textsOf(rules.get('field_rules', 'disallowed_alias_keys')))) {
    const holder = maps.flat().find((map) => map.has(key));
    if (!holder || (isExcepted(legacy, path, key) && !mustMend)) continue;
    const message = `The key \`${key}\` is not used any more; ${path} does.`;
    yield problem('key-is-allowed', `${path}#${key}`, holder.get(key), message);
  }
  for (const [field, words] of Object.entries(VOCABULARIES)) {
    const known = textsOf(rules.get('status_rules', words));
    for (const [word, at] of textsUnder(field, maps)) {
      if (known.includes(word)) continue;
      const message = `\`${word.slice(0, 60)}\` is no known word for \`${field}\`.`;
      yield problem('word-is-known', `${path}#${field}=${word.slice(0, 60)}`, at, message);
    }
  }
  const dates = rules.get('date_rules');
  const form = extendedRegExp(dates.get('iso_8601_regex').or(ISO_DATE));
  const dateFields = ['canonical_fields', 'accepted_legacy_fields'].flatMap((list) => textsOf(dates.get(list)));
  for (const field of new Set(dateFields)) {
    for (const [text, at] of textsUnder(field, maps)) {
      if (!DATE.test(text) || form.test(text)) continue;
      const message = `\`${field}: ${text.slice(0, 60)}\` does not have the date form of the conventions.`;
      yield problem('date-has-iso-form', `${path}#${field}`, at, message);
    }
  }
}

function isExcepted(legacy: YamlValue, path: string, key: string): boolean {
  const exceptions = legacy.get('legacy_exceptions').items.filter((exception) => exception.get('file').is(path));
  return exceptions.some((exception) => textsOf(exception.get('allowed_keys')).includes(key));
}

function textsOf(list: YamlValue): readonly string[] {
  return list.items.map((item) => item.raw);
}
