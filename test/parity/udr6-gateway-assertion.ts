import { WORKBENCH_ROOT } from '../../src/gates/lib/spine/host-paths.ts';
import { DEVICES } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/infra-hygiene/udr6-gateway-assertion.ts';
import { nearMisses } from './near-misses.ts';

const SHOP = 'docs/governance/SHOP_SERVER_SSOT.md';
const NETWORK = 'docs/governance/NETWORK_POLICIES.md';
const SOUND = {
  [DEVICES]: '| 192.168.1.0/24 | Shop |\n',
  [SHOP]: 'Gateway 192.168.1.1\n',
  [NETWORK]: 'Range 192.168.1.0/24\n',
};
const MOVED = `spine_pointer_stub: true\nauthority_repo: "${WORKBENCH_ROOT}"\nauthority_path: 'net/SHOP.md'\n`;

export default nearMisses(gate, {
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
});
