import type { YamlValue } from '../../core/yaml/value.ts';
import { backupsOf } from '../lib/resilience/backups.ts';
import { CLASSES } from '../lib/resilience/classes.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import type { Facts } from '../lib/resilience/facts.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { storageHosts } from '../lib/resilience/storage.ts';

const IDENTITY = [
  { field: 'ip', form: /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:.]+)$/i },
  { field: 'mac', form: /^[\da-f]{2}(?:[:-][\da-f]{2}){5}$/i },
  { field: 'role', form: /\S/ },
] as const;

/** The device's addresses and, unless an SSH target has one of them, the place where one should. */
function unreachable(facts: Facts, host: string, device: YamlValue) {
  const own = [facts.text(device, 'device.ip'), facts.text(device, 'device.tailnet')].filter((text) => text !== '');
  const doors = facts.records('ssh', 'ssh').items;
  if (own.length === 0 || doors.some((door) => own.includes(facts.text(door, 'ssh.address')))) return undefined;
  const door = doors.find((candidate) => facts.text(candidate, 'ssh.id') === host);
  return { addresses: own.join(', '), at: door ? facts.value(door, 'ssh.address') : facts.root('ssh') };
}

export default defineResilienceGate({
  name: 'nas-is-identified-and-receives-backups',
  number: 'R7',
  severity: 'high',
  why: 'When the NAS dies or its address moves, somebody has to know which box it was and how to reach it. A class of backups that never goes to the NAS has no second home.',
  fix: 'Complete the device in home.device.registry.yaml (`ip:`, `mac:`, `role:`), give its SSH target in ssh.targets.yaml the same address, and enable a target of each class with the device as `host:` in backup.inventory.yaml.',
  needs: ['backups', 'vms', 'hosts', 'devices', 'ssh'],

  rules: {
    'target-names-its-host': 'The enabled target `{target}` names no host.',
    'device-is-registered': 'Backups are on the storage device `{host}`, which is not in {registry}.',
    'device-has-ip': '`{value}` is not an IP address (storage device `{host}`).',
    'device-has-ip:none': 'The storage device `{host}` has no IP address.',
    'device-has-mac': '`{value}` is not a MAC address (storage device `{host}`).',
    'device-has-mac:none': 'The storage device `{host}` has no MAC address.',
    'device-has-role': '`{value}` is not a role (storage device `{host}`).',
    'device-has-role:none': 'The storage device `{host}` has no role.',
    'device-is-reachable': 'No SSH target has an address of the storage device `{host}` ({addresses}).',
    'device-receives-each-class':
      'No {class} backup goes to the storage device `{host}`; `{example}` is on `{elsewhere}`.',
  },

  *check(facts, report) {
    const backups = backupsOf(facts);
    const storage = storageHosts(facts, backups);
    const enabled = backups.filter(({ isEnabled }) => isEnabled);
    for (const { at, host, name, subject } of enabled) {
      if (host === '') yield report('target-names-its-host', subject, at, { target: name });
    }
    if (storage.length === 0) yield { notApplicable: `no target of ${facts.path('backups')} is on a storage device` };
    for (const host of storage) {
      const subject = `device:${host}`;
      const known = facts.records('devices', 'devices').items;
      const devices = known.filter((device) => facts.text(device, 'device.id') === host);
      if (devices.length === 0) {
        const first = backups.find((backup) => backup.host === host);
        yield report('device-is-registered', subject, first?.at, { host, registry: facts.path('devices') });
      }
      for (const device of devices) {
        for (const { field, form } of IDENTITY) {
          const value = facts.text(device, `device.${field}`);
          const at = facts.value(device, `device.${field}`);
          if (value === '') yield report(`device-has-${field}:none`, subject, at, { host });
          else if (!form.test(value)) yield report(`device-has-${field}`, subject, at, { host, value });
        }
        const wanted = unreachable(facts, host, device);
        if (wanted) yield report('device-is-reachable', subject, wanted.at, { host, addresses: wanted.addresses });
      }
      for (const name of CLASSES) {
        const some = enabled.find((backup) => backup.class === name);
        if (!some || enabled.some((backup) => backup.class === name && backup.host === host)) continue;
        const values = { class: name, host, example: some.name, elsewhere: some.host };
        yield report('device-receives-each-class', `${subject}#${name}`, some.at, values);
      }
    }
  },

  examples: {
    pass: [variation('registered, reachable, and home to every class', {})],
    fail: [
      variation('not registered', { 'id: nas, ip': 'id: nas-old, ip' }, 'device-is-registered device:nas'),
      variation(
        'no address, a placeholder, no role',
        { 'ip: 10.0.0.5': 'ip: null', '"02:00:00:00:00:05"': 'TBD', ', role: Storage': '' },
        'device-has-ip device:nas',
        'device-has-mac device:nas',
        'device-has-role device:nas',
      ),
      variation(
        'the SSH target has the address it had before',
        { 'host: 100.64.0.5': 'host: 100.64.0.6' },
        'device-is-reachable device:nas',
      ),
      variation(
        'the only important backup there is disabled',
        { 'notes, enabled: true': 'notes, enabled: false' },
        'device-receives-each-class device:nas#important',
      ),
      variation(
        'a target without a host',
        { 'names, enabled: true, host: home-pve': 'names, enabled: true' },
        'target-names-its-host target:names',
      ),
    ],
    skip: [without('no device registry', 'devices')],
  },
});
