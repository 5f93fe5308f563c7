import type { TextLine } from '../../../core/repo.ts';
import { gnuGrep } from '../../lib/bash/search-patterns.ts';
import { defineGate } from '../../lib/define.ts';
import { file, lines, onDemand } from '../../lib/needs.ts';

const CADDYFILE = 'ops/staged/caddy-auth/Caddyfile';
const DEPENDENCIES = 'ops/bindings/deploy.dependencies.yaml';
const UPSTREAM = gnuGrep(/reverse_proxy.*127\.0\.0\.1:9000/);
const HEADER = gnuGrep(/header_up X-Forwarded-Proto https/);
const COMMENT = gnuGrep(/^\s*#/);

/** The first upstream with no header before the next one. */
function firstBare(upstreams: readonly TextLine[], headers: readonly TextLine[]): TextLine | undefined {
  return upstreams.find(({ number }, index) => {
    const next = upstreams[index + 1]?.number ?? Number.POSITIVE_INFINITY;
    return !headers.some((header) => header.number >= number && header.number < next);
  });
}

export default defineGate({
  name: 'caddy-proto-lock',
  mirrors: ['b246bbf02c5228da0aa1028476671233e4ae304b'],
  why: 'TLS ends at the tunnel. A login service that is not told about https builds http redirects, and single sign-on breaks.',
  fix: 'Give each `reverse_proxy 127.0.0.1:9000` in the Caddyfile its `header_up X-Forwarded-Proto https`, and keep deploy.dependencies.yaml.',
  limits:
    'Lines are counted, not paired. Without any header, or without any upstream, the gate passes, as its script does.',
  needs: { caddyfile: lines(CADDYFILE), dependencies: onDemand(file(DEPENDENCIES)) },

  rules: {
    'every-upstream-knows-https':
      '{upstreams} upstreams lead to `127.0.0.1:9000`, but only {headers} of them set `X-Forwarded-Proto https`.',
  },

  *check({ caddyfile, dependencies }, report) {
    const active = caddyfile.filter(({ text }) => !COMMENT.test(text));
    const upstreams = active.filter(({ text }) => UPSTREAM.test(text));
    const headers = active.filter(({ text }) => HEADER.test(text));
    if (headers.length > 0 && headers.length < upstreams.length) {
      const counts = { upstreams: upstreams.length, headers: headers.length };
      return yield report('every-upstream-knows-https', CADDYFILE, firstBare(upstreams, headers), counts);
    }
    dependencies();
  },

  examples: {
    pass: [
      {
        title: 'the upstream has its header',
        files: {
          [CADDYFILE]: 'reverse_proxy 127.0.0.1:9000 {\n  header_up X-Forwarded-Proto https\n}\n',
          [DEPENDENCIES]: '',
        },
      },
    ],
    fail: [
      {
        title: 'one header for two upstreams',
        files: {
          [CADDYFILE]:
            'reverse_proxy 127.0.0.1:9000\nreverse_proxy 127.0.0.1:9000 {\n  header_up X-Forwarded-Proto https\n}\n',
        },
        finds: [`every-upstream-knows-https ${CADDYFILE}`],
      },
    ],
  },
});
