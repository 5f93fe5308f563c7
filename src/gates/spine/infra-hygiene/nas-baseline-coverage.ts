import { entriesBy, textOf } from '../../lib/bash/joins.ts';
import { saysNothing } from '../../lib/bash/unset.ts';
import { defineGate } from '../../lib/define.ts';
import { absent } from '../../lib/files/files.ts';
import { BACKUPS } from '../../lib/spine/known-files.ts';
import { variationsOf } from '../../lib/variations.ts';

const DEVICES = 'ops/bindings/home.device.registry.yaml';
const STORAGE_WORDS = ['synology', '/volume1', 'nas'];

const vary = variationsOf({
  [DEVICES]: 'devices:\n  - { id: nas, ip: 10.0.0.5, role: storage }\n  - { id: tv }\n',
  [BACKUPS]: 'targets:\n  - { name: vm-offsite, host: nas, enabled: false }\n',
});

export default defineGate({
  name: 'nas-baseline-coverage',
  mirrors: ['1a490cf7b1cef223b32ad899a587f8f25a909c5a'],
  why: 'The NAS holds the offsite copy of every backup. If nobody knows its address, or no backup goes there, the copies are missing on the day they are needed.',
  fix: 'Give the device `nas` an `ip:` and a `role:` in home.device.registry.yaml, and a target in backup.inventory.yaml that names the NAS and its offsite copy.',
  limits:
    'The use of the NAS is a search for words in the backup inventory: a comment that mentions the NAS passes even when nothing is sent there.',
  needs: {},
  alsoReads: [DEVICES, BACKUPS],
  deviates: [
    'A `path` that reads `/volume1/` only once its YAML escapes are undone is not found; the text search finds every other.',
  ],

  rules: {
    'nas-is-registered': 'No device has the id `nas`.',
    'nas-has-ip': 'The device `nas` has no IP address.',
    'nas-has-role': 'The device `nas` has no role.',
    'backups-reach-nas': `The backup inventory mentions none of ${STORAGE_WORDS.map((word) => `\`${word}\``).join(', ')}.`,
    'backups-go-offsite': 'The backup inventory does not mention `offsite`.',
  },

  *check(_, report, { repo }) {
    if (!repo.isFile(DEVICES)) yield absent(repo, DEVICES);
    else {
      const devices = repo.yamlOrEmpty(DEVICES).get('devices');
      const entries = entriesBy(devices, 'id')('nas');
      if (entries.length === 0) yield report('nas-is-registered', 'device:nas', devices);
      for (const field of entries.length > 0 ? (['ip', 'role'] as const) : []) {
        if (saysNothing(textOf(entries, field, '')))
          yield report(`nas-has-${field}`, 'device:nas', entries[0]?.get(field));
      }
    }
    if (!repo.isFile(BACKUPS)) return yield absent(repo, BACKUPS);
    const [text, inventory] = [repo.text(BACKUPS), repo.yamlOrEmpty(BACKUPS)];
    const targets = inventory.kind === 'list' ? [] : inventory.get('targets').items;
    const areAllNamedSo = targets.every(
      (target) => target.kind === 'map' && ['*nas*', '*offsite*'].some((name) => target.get('id').is(name)),
    );
    if (!(targets.length > 0 && areAllNamedSo) && !STORAGE_WORDS.some((word) => text.includes(word))) {
      yield report('backups-reach-nas', BACKUPS, repo.at(BACKUPS));
    }
    if (!text.includes('offsite')) yield report('backups-go-offsite', BACKUPS, repo.at(BACKUPS));
  },

  examples: {
    pass: [vary('a known NAS that backups go to', {})],
    fail: [
      { title: 'neither file', files: {}, finds: [`file-exists ${DEVICES}`, `file-exists ${BACKUPS}`] },
      vary('another spelling', { 'id: nas': 'id: NAS' }, 'nas-is-registered device:nas'),
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
    ],
  },
});
