import { type Problem, problem } from '../../core/finding.ts';
import type { YamlValue } from '../../core/yaml/value.ts';
import { type Backup, backupsOf } from '../lib/resilience/backups.ts';
import { CLASSES } from '../lib/resilience/classes.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import type { Facts } from '../lib/resilience/facts.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { machinesOf } from '../lib/resilience/machines.ts';
import { sitesOf } from '../lib/resilience/sites.ts';

const IDENTITY = [
  ['ip', /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:.]+)$/i],
  ['mac', /^[\da-f]{2}(?:[:-][\da-f]{2}){5}$/i],
  ['role', /\S/],
] as const;

/** Hosts that backups lie on and that are storage devices: by the naming policy's word, or since they are nothing else that we know. */
function storageOf(facts: Facts, backups: readonly Backup[]): readonly string[] {
  const machines = machinesOf(facts);
  const { knows } = sitesOf(facts, machines);
  const stated = facts
    .records('hosts', 'hosts')
    .items.filter((host) => facts.text(host, 'host.kind') === facts.words.storage);
  const names = new Set(stated.map((host) => facts.text(host, 'host.name')));
  const isElse = (host: string) => knows(host) || machines.some(({ hypervisor }) => hypervisor === host);
  return [...new Set(backups.map(({ host }) => host))].filter(
    (host) => host !== '' && (names.has(host) || !isElse(host)),
  );
}

function* isIdentified(facts: Facts, host: string, device: YamlValue): Generator<Problem> {
  for (const [field, form] of IDENTITY) {
    const said = facts.text(device, `device.${field}`);
    if (form.test(said)) continue;
    const what = said === '' ? `has no ${field}` : `has the ${field} \`${said}\`, which is none`;
    yield problem(
      `device-has-${field}`,
      `device:${host}`,
      facts.value(device, `device.${field}`),
      `The storage device \`${host}\` ${what}.`,
    );
  }
  const own = [facts.text(device, 'device.ip'), facts.text(device, 'device.tailnet')].filter(
    (address) => address !== '',
  );
  const doors = facts.records('ssh', 'ssh').items;
  if (own.length === 0 || doors.some((door) => own.includes(facts.text(door, 'ssh.address')))) return;
  const door = doors.find((candidate) => facts.text(candidate, 'ssh.id') === host);
  const place = door ? facts.value(door, 'ssh.address') : facts.root('ssh');
  const message = `No SSH target has an address of the storage device \`${host}\` (${own.join(', ')}).`;
  yield problem('device-is-reachable', `device:${host}`, place, message);
}

export default defineResilienceGate({
  name: 'nas-is-identified-and-receives-backups',
  number: 'R7',
  severity: 'high',
  why: 'When the NAS dies or its address moves, somebody has to know which box it was and how to reach it; and a NAS that gets no backup of some class is no second home for that class.',
  fix: 'Complete the device in home.device.registry.yaml (`ip:`, `mac:`, `role:`), give its SSH target in ssh.targets.yaml the same address, and enable a target of each class with the device as `host:` in backup.inventory.yaml.',
  needs: ['backups', 'vms', 'hosts', 'devices', 'ssh'],

  *check(facts) {
    const backups = backupsOf(facts);
    const storage = storageOf(facts, backups);
    const enabled = backups.filter(({ isEnabled }) => isEnabled);
    for (const { at, host, name, subject } of enabled) {
      if (host === '')
        yield problem('target-names-its-host', subject, at, `The enabled target \`${name}\` names no host.`);
    }
    if (storage.length === 0) yield { notApplicable: `no target of ${facts.path('backups')} lies on a storage device` };
    for (const host of storage) {
      const devices = facts
        .records('devices', 'devices')
        .items.filter((device) => facts.text(device, 'device.id') === host);
      const first = backups.find((backup) => backup.host === host);
      if (devices.length === 0) {
        const message = `Backups lie on the storage device \`${host}\`, which is not in ${facts.path('devices')}.`;
        yield problem('device-is-registered', `device:${host}`, first?.at, message);
      }
      for (const device of devices) yield* isIdentified(facts, host, device);
      for (const name of CLASSES) {
        const some = enabled.find((backup) => backup.class === name);
        if (!some || enabled.some((backup) => backup.class === name && backup.host === host)) continue;
        const message = `The storage device \`${host}\` receives no ${name} backup, while \`${some.name}\` on \`${some.host}\` is one.`;
        yield problem('device-receives-each-class', `device:${host}#${name}`, some.at, message);
      }
    }
  },

  examples: {
    pass: [
      variation('registered, reachable, and home to every class', {}),
      variation('reachable by its address in the house', { 'id: nas, host: 100.64.0.5': 'id: box, host: 10.0.0.5' }),
      variation('a class that nobody backs up is not asked for', {
        'classification: important, stale_after_hours: 48': 'classification: rebuildable, enabled: false',
      }),
    ],
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
        'a host that nothing knows has to be some device',
        { 'notes, enabled: true, host: nas': 'notes, enabled: true, host: cellar' },
        'device-receives-each-class device:nas#important',
        'device-is-registered device:cellar',
        'device-receives-each-class device:cellar#critical',
      ),
      variation(
        'a target without a host',
        { 'names, enabled: true, host: home-pve': 'names, enabled: true' },
        'target-names-its-host target:names',
      ),
    ],
    skip: [
      without('no device registry', 'devices'),
      variation('no backup lies on a storage device', { 'kind: storage': 'kind: server' }),
    ],
  },
});
