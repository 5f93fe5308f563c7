import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import { entriesBy, textOf } from '../../lib/bash/joins.ts';
import { saysNothing } from '../../lib/bash/unset.ts';
import { absent } from '../../lib/files/files.ts';
import { BACKUPS } from '../../lib/spine/known-files.ts';
import { variationsOf } from '../../lib/variations.ts';

const DEVICES = 'ops/bindings/home.device.registry.yaml';
const STORAGE_WORDS = ['synology', '/volume1', 'nas'];

function* nasIsKnown(repo: Repo): Generator<Problem> {
  if (!repo.isFile(DEVICES)) return yield absent(repo, DEVICES);
  const devices = repo.yamlOrEmpty(DEVICES).get('devices');
  const entries = entriesBy(devices, 'id')('nas');
  if (entries.length === 0)
    return yield problem('nas-is-registered', 'device:nas', devices, 'No device has the id `nas`.');
  for (const field of ['ip', 'role']) {
    if (!saysNothing(textOf(entries, field, ''))) continue;
    yield problem(`nas-has-${field}`, 'device:nas', entries[0]?.get(field), `The device \`nas\` has no ${field}.`);
  }
}

function* backupsGoThere(repo: Repo): Generator<Problem> {
  if (!repo.isFile(BACKUPS)) return yield absent(repo, BACKUPS);
  const text = repo.text(BACKUPS);
  const inventory = repo.yamlOrEmpty(BACKUPS);
  const targets = inventory.kind === 'list' ? [] : inventory.get('targets').items;
  const areAllNamedSo = targets.every(
    (target) => target.kind === 'map' && ['*nas*', '*offsite*'].some((name) => target.get('id').is(name)),
  );
  if (!(targets.length > 0 && areAllNamedSo) && !STORAGE_WORDS.some((word) => text.includes(word))) {
    const message = `Nothing in the backup inventory says ${STORAGE_WORDS.join(' or ')}.`;
    yield problem('backups-reach-nas', BACKUPS, repo.at(BACKUPS), message);
  }
  if (!text.includes('offsite'))
    yield problem('backups-go-offsite', BACKUPS, repo.at(BACKUPS), 'Nothing in the backup inventory says offsite.');
}

const vary = variationsOf({
  [DEVICES]: 'devices:\n  - { id: nas, ip: 10.0.0.5, role: storage }\n  - { id: tv }\n',
  [BACKUPS]: 'targets:\n  - { name: vm-offsite, host: nas, enabled: false }\n',
});

export default defineGate({
  name: 'nas-baseline-coverage',
  mirrors: ['1a490cf7b1cef223b32ad899a587f8f25a909c5a'],
  why: 'The NAS is the offsite leg of every backup. The device itself is looked up, but its use is only a search for words in the backup inventory: a comment that mentions the NAS passes even when nothing is sent there.',
  fix: 'Give the device `nas` an ip and a role in home.device.registry.yaml, and have a target in backup.inventory.yaml that names the NAS and its offsite copy.',
  reads: [DEVICES, BACKUPS],
  deviates: [
    'A `path` that reads `/volume1/` only once its YAML escapes are undone is not found; the text search finds every other.',
  ],

  *check({ repo }) {
    yield* nasIsKnown(repo);
    yield* backupsGoThere(repo);
  },

  examples: {
    pass: [
      vary('a known NAS that backups go to', {}),
      vary('a comment is enough', { '  - { name: vm-offsite, host: nas, enabled: false }': '# offsite: dynasty' }),
      vary('an inventory that is no YAML is still searched', { 'targets:': 'targets: [' }),
      vary('every id says offsite', { 'name: vm-offsite, host: nas': 'id: vm-offsite' }),
      vary('any list is a role', { 'role: storage': 'role: []' }),
      vary('a second entry without address hides behind the first', { 'id: tv': 'id: nas' }),
      {
        title: 'devices by name',
        files: { [DEVICES]: 'devices: { a: { id: nas, ip: x, role: y } }', [BACKUPS]: '# nas offsite' },
      },
    ],
    fail: [
      { title: 'neither file', files: {}, finds: [`file-exists ${DEVICES}`, `file-exists ${BACKUPS}`] },
      vary('another spelling', { 'id: nas': 'id: NAS' }, 'nas-is-registered device:nas'),
      vary('devices that are no YAML', { 'devices:': 'devices: [' }, 'nas-is-registered device:nas'),
      vary('a device without address', { 'ip: 10.0.0.5': 'ip: ~' }, 'nas-has-ip device:nas'),
      vary('a device without role', { 'role: storage': 'role: ""' }, 'nas-has-role device:nas'),
      vary(
        'words in capitals are not found',
        { 'name: vm-offsite, host: nas': 'name: OFFSITE, host: NAS918' },
        ...[`backups-reach-nas ${BACKUPS}`, `backups-go-offsite ${BACKUPS}`],
      ),
      vary(
        'one id of another kind spoils it',
        { 'name: vm-offsite, host: nas, enabled: false }': 'id: vm-offsite }\n  - { id: db }' },
        `backups-reach-nas ${BACKUPS}`,
      ),
      vary('paths alone', { 'name: vm-offsite, host: nas': 'path: /volume2/offsite' }, `backups-reach-nas ${BACKUPS}`),
    ],
  },
});
