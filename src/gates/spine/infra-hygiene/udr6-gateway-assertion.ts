import { problem } from '../../../core/finding.ts';
import { defineGate, type GateContext, type Remark } from '../../../core/gate.ts';
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
];

const SOUND = {
  [DEVICES]: '| 192.168.1.0/24 | Shop |\n',
  [SHOP]: 'Gateway 192.168.1.1\n',
  [NETWORK]: 'Range 192.168.1.0/24\n',
};
const MOVED = `spine_pointer_stub: true\nauthority_repo: "${WORKBENCH_ROOT}"\nauthority_path: 'net/SHOP.md'\n`;

export default defineGate({
  name: 'udr6-gateway-assertion',
  mirrors: ['59d048930fe091f3ababd3ce727ad4347d34ee47'],
  why: 'The shop has a new router and a new range. A document that still names the old ones makes people and agents configure devices for a network that is gone. In effect this is a text search: prose counts, the order of words within a line too, and any address that begins with 192.168.1.1 passes for the gateway.',
  fix: 'In the device document name 192.168.1.0/24 before "Shop" and drop the old range and stale addresses; name gateway and range in the shop and network documents, wherever their pointers lead.',
  reads: [DEVICES, SHOP, NETWORK],

  *check(context) {
    const { repo } = context;
    const devices = linesOf(repo, DEVICES);
    if (!repo.isFile(DEVICES)) yield absent(repo, DEVICES);
    else if (!devices.some(({ text }) => NEW_RANGE.test(text))) {
      const message = 'No line names `192.168.1.0/24` and, after it, Shop.';
      yield problem('shop-has-new-range', DEVICES, repo.at(DEVICES), message);
    }
    const old = devices.find(({ text }) => OLD_RANGE.test(text));
    if (old) yield problem('old-range-is-gone', DEVICES, old, 'The shop still has the range `192.168.12.0/24` here.');
    for (const document of DOCUMENTS) yield* judgeDocument(context, document);
    for (const { vm, address, both } of STALE) {
      const line = devices.find(({ text }) => both.test(text));
      if (!line) continue;
      yield problem('stale-address-is-gone', `vm:${vm}`, line, `\`${address}\` is no longer the address of VM ${vm}.`);
    }
  },

  examples: {
    pass: [
      { title: 'documents held here name the new network', files: SOUND },
      {
        title: 'Shop before the old range, a VM before its old address',
        files: { ...SOUND, [DEVICES]: `${SOUND[DEVICES]}Shop was 192.168.12.0/24\n204: 192.168.1.128\n` },
      },
      {
        title: 'a pointer into the workbench, quoted, where another address begins like the gateway',
        files: { ...SOUND, [SHOP]: MOVED },
        siblings: { workbench: { 'net/SHOP.md': '192.168.1.184\n' } },
      },
      {
        title: 'a pointer back into this repo',
        files: { ...SOUND, [SHOP]: MOVED.replace('code/workbench', 'code/agentic-spine'), 'net/SHOP.md': SOUND[SHOP] },
      },
      {
        title: 'a pointer to nothing: the stub itself names the gateway',
        files: { ...SOUND, [SHOP]: `${MOVED}was 192.168.1.1\n` },
        siblings: { workbench: {} },
      },
    ],
    fail: [
      {
        title: 'nothing is there',
        files: {},
        finds: [`file-exists ${DEVICES}`, `file-exists ${SHOP}`, `file-exists ${NETWORK}`],
      },
      {
        title: 'the old range, and two of the old addresses in prose',
        files: { ...SOUND, [DEVICES]: '192.168.12.0/24 is Shop\n192.168.1.64 uses port 12100\n192.168.1.76: VM 209\n' },
        finds: [
          `shop-has-new-range ${DEVICES}`,
          `old-range-is-gone ${DEVICES}`,
          'stale-address-is-gone vm:209',
          'stale-address-is-gone vm:210',
        ],
      },
      {
        title: 'the range is not the gateway',
        files: { ...SOUND, [SHOP]: '192.168.1.0/24\n' },
        finds: [`shop-document-names-gateway ${SHOP}`],
      },
      {
        title: 'a remark behind the marker: no stub, so its own text is judged',
        files: { ...SOUND, [NETWORK]: MOVED.replace('true', 'true # moved') },
        siblings: { workbench: { 'net/SHOP.md': SOUND[NETWORK] } },
        finds: [`network-document-names-range ${NETWORK}`],
      },
      {
        title: 'a quote that stays open leads nowhere',
        files: { ...SOUND, [SHOP]: MOVED.replace("SHOP.md'", 'SHOP.md') },
        siblings: { workbench: { 'net/SHOP.md': SOUND[SHOP] } },
        finds: [`shop-document-names-gateway ${SHOP}`],
      },
    ],
    blind: [
      { title: 'the shop document moved to a workbench that is not configured', files: { ...SOUND, [SHOP]: MOVED } },
    ],
  },
});

function* judgeDocument(context: GateContext, { path, rule, wanted }: (typeof DOCUMENTS)[number]): Generator<Remark> {
  const document = followPointer(context, path);
  if (document === 'no sibling') yield needsWorkbench(`What ${path} points to`);
  else if (!document.repo.isFile(document.path)) yield absent(document.repo, document.path);
  else if (!linesOf(document.repo, document.path).some(({ text }) => text.includes(wanted))) {
    yield problem(rule, path, document.repo.at(document.path), `\`${document.path}\` does not name \`${wanted}\`.`);
  }
}
