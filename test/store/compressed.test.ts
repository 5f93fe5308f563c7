import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compressed, decompressed } from '../../src/store/compressed.ts';
import { kvStore } from '../../src/store/kv.ts';
import { memoryKeyValue } from '../../src/store/memory.ts';

const MOST = 25 * 2 ** 20;

function bytes(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer;
}

test('every text comes back as it was stored', async () => {
  const texts = fc.tuple(fc.string({ unit: 'grapheme' }), fc.nat({ max: 2_000 }));
  await fc.assert(
    fc.asyncProperty(texts, async ([piece, times]) => {
      const text = piece.repeat(times);
      expect(await decompressed((await compressed(text)).buffer)).toBe(text);
    }),
    { numRuns: 50 },
  );
});

test('a report takes a fraction of its length, and a line is kept as it is', async () => {
  const report = JSON.stringify(
    Array.from({ length: 500 }, (_, index) => ({ number: `D${index}`, message: 'ops/x.yaml has no owner' })),
  );
  expect((await compressed(report)).length).toBeLessThan(report.length / 5);
  expect(new TextDecoder().decode(await compressed('{"repeats":"1"}'))).toBe('{"repeats":"1"}');
});

test('what an earlier version stored uncompressed is read', async () => {
  const text = JSON.stringify({ report: 'x'.repeat(10_000) });
  expect(await decompressed(bytes(text))).toBe(text);
});

test('what would become more than fits is not read, however small it is', async () => {
  const bomb = gzipSync(Buffer.alloc(MOST + 1));
  expect(bomb.length).toBeLessThan(50_000);
  expect(await decompressed(new Uint8Array(bomb).buffer)).toBeNull();
});

test('what would not be read again is not stored', async () => {
  await expect(compressed('x'.repeat(MOST + 1))).rejects.toThrow('more than KV takes');
});

test('an audit that was cut counts as absent, compressed or not', async () => {
  const kv = memoryKeyValue();
  const long = await compressed(JSON.stringify({ report: 'x'.repeat(10_000) }));
  const short = new TextEncoder().encode('{"report":"x"}');
  for (const whole of [long, short]) {
    await kv.put('latest/you/homelab', whole.slice(0, whole.length / 2));
    expect(await kvStore(kv).latest('you/homelab')).toBeNull();
  }
});
