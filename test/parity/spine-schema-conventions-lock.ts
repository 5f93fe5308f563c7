import gate from '../../src/gates/spine/process-hygiene/spine-schema-conventions-lock.ts';
import { nearMisses, soundFiles, variationsOn } from './near-misses.ts';

const CONVENTIONS = 'ops/bindings/spine.schema.conventions.yaml';
const AUDIT = 'ops/plugins/verify/bin/schema-conventions-audit';
const HOSTS = 'ops/bindings/hosts.yaml';
const SOUND = soundFiles(gate);
const executable = [AUDIT];
const changed = variationsOn(gate);
const touched = variationsOn(gate, { uncommitted: [HOSTS, 'ops/bindings/new.yaml.example'] });

export default nearMisses(gate, {
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
});
