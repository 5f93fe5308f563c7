import gate from '../../src/gates/spine/infra-hygiene/caddy-proto-lock.ts';
import { nearMisses } from './near-misses.ts';

const CADDYFILE = 'ops/staged/caddy-auth/Caddyfile';
const DEPENDENCIES = 'ops/bindings/deploy.dependencies.yaml';

export default nearMisses(gate, {
  pass: [
    ...[
      ['each upstream has its header', 2, 2],
      ['an unrelated block makes up for a missing header', 2, 3],
      ['no header at all', 2, 0],
      ['no upstream', 0, 1],
      ['empty', 0, 0],
    ].map(([title, upstreams, headers]) => ({
      title: String(title),
      files: {
        [CADDYFILE]: `${'reverse_proxy 127.0.0.1:9000 {\n'.repeat(Number(upstreams))}${' header_up X-Forwarded-Proto https # x\n'.repeat(Number(headers))}`,
        [DEPENDENCIES]: '',
      },
    })),
  ],
  fail: [
    { title: 'no Caddyfile', files: {}, finds: [`file-exists ${CADDYFILE}`] },
    { title: 'no dependencies', files: { [CADDYFILE]: '' }, finds: [`file-exists ${DEPENDENCIES}`] },
    ...[
      'reverse_proxy 127.0.0.1:90001',
      'reverse_proxy http://127.0.0.1:9000 # x',
      'reverse_proxy 127.0.0.1:9000 {\n\t# header_up X-Forwarded-Proto https\n}',
      'reverse_proxy 127.0.0.1:9000 {\n\theader_up  X-Forwarded-Proto https\n}',
      'reverse_proxy 127.0.0.1:9000 {\n\theader_up X-Forwarded-Proto {scheme}\n}',
    ].map((block) => ({
      title: `one header for two: ${JSON.stringify(block)}`,
      files: { [CADDYFILE]: `${block}\nreverse_proxy 127.0.0.1:9000 {\nheader_up X-Forwarded-Proto https\n}\n` },
      finds: [`every-upstream-knows-https ${CADDYFILE}`],
    })),
  ],
});
