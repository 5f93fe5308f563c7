import { defineGate } from '../../lib/define.ts';
import { absent } from '../../lib/files/files.ts';
import { linesOf } from '../../lib/files/lines.ts';
import { needsWorkbench, WORKBENCH_ROOT } from '../../lib/spine/host-paths.ts';
import { DEVICES } from '../../lib/spine/known-files.ts';
import { followPointer } from '../../lib/spine/pointer-stub.ts';

const NEW_RANGE = /192\.168\.1\.0\/24.*Shop/s;
const OLD_RANGE = /192\.168\.12\.0\/24.*Shop/s;
const STALE = [
  { vm: '204', address: '192.168.1.128', both: /192\.168\.1\.128.*204/s },
  { vm: '209', address: '192.168.1.76', both: /192\.168\.1\.76.*209/s },
  { vm: '210', address: '192.168.1.64', both: /192\.168\.1\.64.*210/s },
];
const SHOP = 'docs/governance/SHOP_SERVER_SSOT.md';
const NETWORK = 'docs/governance/NETWORK_POLICIES.md';
const DOCUMENTS = [
  { path: SHOP, rule: 'shop-document-names-gateway', wanted: '192.168.1.1' },
  { path: NETWORK, rule: 'network-document-names-range', wanted: '192.168.1.0/24' },
] as const;

const SOUND = {
  [DEVICES]: '| 192.168.1.0/24 | Shop |\n',
  [SHOP]: 'Gateway 192.168.1.1\n',
  [NETWORK]: 'Range 192.168.1.0/24\n',
};
const MOVED = `spine_pointer_stub: true\nauthority_repo: "${WORKBENCH_ROOT}"\nauthority_path: 'net/SHOP.md'\n`;

export default defineGate({
  name: 'udr6-gateway-assertion',
  mirrors: ['59d048930fe091f3ababd3ce727ad4347d34ee47'],
  why: 'The shop has a new router and a new address range. A document with the old ones makes people and agents configure devices for a network that no longer exists.',
  fix: 'In the device document, name 192.168.1.0/24 before "Shop" and remove the old range and stale addresses; name the gateway and the range in the shop and network documents, wherever their pointers lead.',
  limits:
    'This is a text search: prose counts, the order of words in a line too, and any address that begins with 192.168.1.1 counts as the gateway.',
  needs: {},
  alsoReads: [DEVICES, SHOP, NETWORK],

  rules: {
    'shop-has-new-range': 'No line has `192.168.1.0/24` followed by `Shop`.',
    'old-range-is-gone': 'This line still gives the shop the old range `192.168.12.0/24`.',
    'shop-document-names-gateway': '{document} does not name the gateway `{wanted}`.',
    'network-document-names-range': '{document} does not name the range `{wanted}`.',
    'stale-address-is-gone': '`{address}` is no longer the address of VM {vm}.',
  },

  *check(_, report, context) {
    const { repo } = context;
    const devices = linesOf(repo, DEVICES);
    if (!repo.isFile(DEVICES)) yield absent(repo, DEVICES);
    else if (!devices.some(({ text }) => NEW_RANGE.test(text))) {
      yield report('shop-has-new-range', DEVICES, repo.at(DEVICES));
    }
    const old = devices.find(({ text }) => OLD_RANGE.test(text));
    if (old) yield report('old-range-is-gone', DEVICES, old);
    for (const { path, rule, wanted } of DOCUMENTS) {
      const document = followPointer(context, path);
      if (document === 'no sibling') yield needsWorkbench(`what ${path} points to`);
      else if (!document.repo.isFile(document.path)) yield absent(document.repo, document.path);
      else if (!linesOf(document.repo, document.path).some(({ text }) => text.includes(wanted))) {
        yield report(rule, path, document.repo.at(document.path), { document: document.path, wanted });
      }
    }
    for (const { vm, address, both } of STALE) {
      const line = devices.find(({ text }) => both.test(text));
      if (line) yield report('stale-address-is-gone', `vm:${vm}`, line, { address, vm });
    }
  },

  examples: {
    pass: [{ title: 'the documents name the new network', files: SOUND }],
    fail: [
      {
        title: 'the old range, and the old address of a VM',
        files: { ...SOUND, [DEVICES]: '192.168.12.0/24 is Shop\n192.168.1.76: VM 209\n' },
        finds: [`shop-has-new-range ${DEVICES}`, `old-range-is-gone ${DEVICES}`, 'stale-address-is-gone vm:209'],
      },
      {
        title: 'no gateway, no range',
        files: { ...SOUND, [SHOP]: '', [NETWORK]: '' },
        finds: [`shop-document-names-gateway ${SHOP}`, `network-document-names-range ${NETWORK}`],
      },
    ],
    blind: [
      { title: 'the shop document moved to a workbench that is not configured', files: { ...SOUND, [SHOP]: MOVED } },
    ],
  },
});
