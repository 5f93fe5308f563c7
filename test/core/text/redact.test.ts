// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of shells are what some lines hold
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSecretKey } from '../../../src/core/text/redact/words.ts';
import { redactLine, redactText } from '../../../src/core/text/redact.ts';
import { SECRET_FORMATS } from './secret-formats.ts';

const SECURITY = await readFile(join(import.meta.dirname, '../../../SECURITY.md'), 'utf8');
/** What SECURITY.md says that nobody can tell from ordinary text. */
const UNTELLABLE = [...SECURITY.matchAll(/^\| `([^`]+)` \| looks like /gm)].map(([, line = '']) => line);

describe('a secret is masked', () => {
  test.each(SECRET_FORMATS)('%s', (_, line, secret) => {
    expect(line).toContain(secret);
    expect(redactLine(line)).not.toContain(secret);
    expect(redactText(redactLine(line))).not.toContain(secret);
  });

  test.each(SECRET_FORMATS)('%s, quoted by a message', (_, line, secret) => {
    expect(redactText(`The line \`${line}\` is listed.`)).not.toContain(secret);
  });

  test('SECURITY.md says how many formats are tried, and lists those that stay', () => {
    const [, tried, masked] = /Of (\d+) formats tried, (\d+) are masked/.exec(SECURITY) ?? [];
    expect([Number(tried), Number(masked)]).toEqual([SECRET_FORMATS.length + UNTELLABLE.length, SECRET_FORMATS.length]);
    expect(UNTELLABLE.length).toBeGreaterThan(0);
  });

  test.each(UNTELLABLE)('not: %s', (line) => {
    expect(redactLine(line)).toBe(line);
  });
});

describe('ordinary text stays readable', () => {
  test.each([
    'pin: 4711',
    'id: 123e4567-e89b-12d3-a456-426614174000',
    'commit: 0123456789abcdef0123456789abcdef01234567',
    'image: nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    '- ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ8l2kQ9vXo7mR4tY1uZ3wB6nC0dE5fH2jK8pL4sT7v tove@laptop',
    'fingerprint: SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDmlPhLE4Tm1Uv8rQs',
    'VM 210 has no `vmid`, which the lifecycle contract requires.',
    'The SSH target of `docker-host` leads to `192.168.1.200`, not to `100.92.156.118`.',
    'The token is 14 days old.',
    'the password is required',
    'Rotate the secret before it expires.',
    'D42 PASS: code path case lock enforced',
    'pass: 8',
    'auth: basic',
    'author: Tove Lind',
    'compass: north',
    'secretary: Tove',
    'tokenizer: bpe',
    'max_tokens: 4096',
    'token_ttl: 3600',
    'password_file: /run/secrets/db',
    'private_key: ~/.ssh/id_ed25519',
    'secret_store: infisical',
    'client_secret: OAUTH_CLIENT_SECRET',
    'secret: infisical://homelab/prod/db',
    'password: ${DB_PASSWORD}',
    'password: "{{ vault_password }}"',
    'TOKEN="$(read_token)"',
    'curl -H "Authorization: Bearer $TOKEN" https://nas.lan',
    'docker run -u 1000:1000 alpine',
    'stamp="$(date -u +%Y-%m-%dT%H:%M:%SZ)"',
    'git@github.com:you/homelab.git',
    'https://github.com/you/homelab/blob/main/a@b.yaml',
    'https://nas.lan:8080/path@v2',
    'ssh://git@github.com/you/homelab.git',
    'mysql -p homelab',
    'docker run -p 8080:80 nginx',
    'docker compose -p homelab up',
    'curl -b cookies.txt https://nas.lan',
    'ssh -p 2222 root@pve',
    'UUID=2f1c9a3e-7d41-4c0e-9b5a-0c1d2e3f4a5b /srv ext4 defaults 0 2',
    'hwaddr: de:ad:be:ef:00:01',
    'image: ghcr.io/immich-app/immich-server:v1.124.2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    'integrity: sha512-0123456789abcdefghijklmnopqrstuvwxyz==',
    'md5: d41d8cd98f00b204e9800998ecf8427e',
    'serial: WD-WX12A34B5678',
    'disk: ata-Samsung_SSD_870_EVO_2TB_S6PNNJ0R123456X',
    'docs/claim-validation-20260302.yaml',
    'Basic authentication is off, Bearer tokens are refused.',
    'A password has to have 12 characters.',
    '<path>/srv/secrets</path>',
    "getenv('DB_HOST', 'db01')",
    "required: ['password', 'username1']",
    'key: value',
    'session: 3',
    'public_key: abcdef',
    'primary_key: id',
    'if token == None:',
    'path: /Users/tove/Code/HomeLab2/OpsBindings/VmLifecycleContract',
    'The capability `secret:name` is not declared.',
    '| password | user | host1 |',
    '| Radarr API Key | TRUE_UNRESOLVED | 32-char hex |',
    'VM 203 `immich` runs on `pve1` and is not in ops/bindings/vm.lifecycle.yaml.',
    "password: \"{{ lookup('env', 'DB_PASSWORD') }}\"",
    'Secret store for pve1: infisical',
    'registered by name: pve1',
    'login: tove',
    'path: docs/patterns/pat1.md',
    'rootfs: local-zfs:subvol-105-disk-0',
    'http://nas.lan/api/status',
    'psk_file: /run/secrets/psk',
    'community.general: 9.5.0',
    'identified by its number: 210',
    'ssh -N -L 8080:localhost:80 pve1',
  ])('%s', (text) => {
    expect(redactLine(text)).toBe(text);
    expect(redactText(text)).toBe(text);
  });
});

describe('words', () => {
  test.each([
    'password',
    'passwordOld',
    'root_pw',
    'wifi-psk',
    'api.key',
    'secret_value',
    'WG_PRIVKEY',
    'mot_de_passe',
    'pаssword',
  ])('%s means a secret', (key) => {
    expect(isSecretKey(key)).toBe(true);
  });

  test.each([
    '',
    'key',
    'host_key',
    'bypass',
    'hash',
    'monkey',
    'keyboard_code',
    'schlüsselwort',
    'token_count',
    'constructor',
  ])('%j means none', (key) => {
    expect(isSecretKey(key)).toBe(false);
  });
});

test('masking what is masked changes nothing', () => {
  const formats = fc.constantFrom(...SECRET_FORMATS.map(([, line]) => line));
  const texts = fc.array(fc.oneof(formats, fc.string(), fc.constantFrom(': ', '=', '"', 'password', '`')), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(texts, (parts) => {
      const once = redactText(parts.join(' '));
      expect(redactText(once)).toBe(once);
    }),
    { numRuns: 300 },
  );
});

describe('time grows with the length of the text alone', () => {
  const cores = [
    'a:',
    ':',
    '=',
    'password: ',
    'token=$(',
    'token=$A/',
    '"',
    ' --token "',
    ' -u a:b',
    '://a:',
    '@',
    'eyJ-',
    'eyJa.',
    '-----BEGIN ',
    '$6$a',
    'token is ',
    'password: {{',
    'mysql ',
    'aB3',
    '1:',
    'key words: ',
    'ü',
    '?sig=',
    '${',
    '!a ',
    'identified by ',
    'username a ',
    'tacacs-server ',
    '[a] a@a',
    '| a ',
    '|a1234',
    'password for a ',
    'variable "a" { ',
    '<a><a>',
    '\\"a\\": ',
    "a: {{ '",
    "['a'] = '",
    'http -a a',
    'gotify://a',
    'chpasswd ',
  ];

  test.each(cores)('%j', (core) => {
    const timeOf = (length: number) => {
      const text = core.repeat(Math.ceil(length / core.length));
      const runs = Array.from({ length: 3 }, () => {
        const start = process.cpuUsage().user;
        redactText(text);
        return process.cpuUsage().user - start;
      });
      return Math.min(...runs) / 1000;
    };
    timeOf(16_384);
    expect(timeOf(16_384)).toBeLessThan(150);
    expect(timeOf(131_072)).toBeLessThan(Math.max(timeOf(16_384), 4) * 8 * 4);
  });
});
