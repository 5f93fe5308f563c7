import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { TextLine } from '../../../core/repo.ts';
import { gnuGrep } from '../../lib/bash/search-patterns.ts';
import { absent } from '../../lib/files/files.ts';

const CADDYFILE = 'ops/staged/caddy-auth/Caddyfile';
const DEPENDENCIES = 'ops/bindings/deploy.dependencies.yaml';
const UPSTREAM = gnuGrep(/reverse_proxy.*127\.0\.0\.1:9000/);
const HEADER = gnuGrep(/header_up X-Forwarded-Proto https/);
const COMMENT = gnuGrep(/^\s*#/);

export default defineGate({
  name: 'caddy-proto-lock',
  mirrors: ['b246bbf02c5228da0aa1028476671233e4ae304b'],
  why: 'TLS ends at the tunnel; an upstream that is not told about https makes the login service build http redirects, and single sign-on breaks. Lines are counted, not paired, and the script trips over zero: with every header gone, or with no upstream at all, it passes.',
  fix: 'Give each `reverse_proxy 127.0.0.1:9000` in the Caddyfile its `header_up X-Forwarded-Proto https`, and keep deploy.dependencies.yaml.',
  reads: [CADDYFILE, DEPENDENCIES],

  *check({ repo }) {
    if (!repo.isFile(CADDYFILE)) return yield absent(repo, CADDYFILE);
    const active = repo.lines(CADDYFILE).filter(({ text }) => !COMMENT.test(text));
    const upstreams = active.filter(({ text }) => UPSTREAM.test(text));
    const headers = active.filter(({ text }) => HEADER.test(text));
    if (headers.length > 0 && headers.length < upstreams.length) {
      const message = `${upstreams.length} upstreams at \`127.0.0.1:9000\`, but only ${headers.length} of \`X-Forwarded-Proto https\`.`;
      return yield problem('every-upstream-knows-https', CADDYFILE, firstBare(upstreams, headers), message);
    }
    if (!repo.isFile(DEPENDENCIES)) yield absent(repo, DEPENDENCIES);
  },

  examples: {
    pass: [
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
  },
});

/** The first upstream with no header before the next one. */
function firstBare(upstreams: readonly TextLine[], headers: readonly TextLine[]): TextLine | undefined {
  return upstreams.find(({ number }, index) => {
    const next = upstreams[index + 1]?.number ?? Number.POSITIVE_INFINITY;
    return !headers.some((header) => header.number >= number && header.number < next);
  });
}
