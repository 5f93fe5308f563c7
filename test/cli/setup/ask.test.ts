import { PassThrough } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { askAtTerminal } from '../../../cli/setup/ask.ts';

/** A terminal at which a person types. */
function terminal() {
  const input = new PassThrough();
  const output = new PassThrough();
  const stopped = vi.fn();
  return { input, output, stopped, ask: askAtTerminal(stopped, { input, output }) };
}

describe('at the terminal', () => {
  test('Enter gives the fallback', async () => {
    const { input, ask, stopped } = terminal();
    const answer = ask.text('Which branch?', 'main');
    input.write('\r');
    await expect(answer).resolves.toBe('main');
    ask.close();
    expect(stopped).not.toHaveBeenCalled();
  });

  test('a secret is not shown', async () => {
    const { input, output, ask } = terminal();
    const answer = ask.secret('Paste it here:');
    input.write('hunter2\r');
    await expect(answer).resolves.toBe('hunter2');
    ask.close();
    expect(String(output.read())).not.toContain('hunter2');
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s at a question stops', async (_key, typed) => {
    const { input, ask, stopped } = terminal();
    void ask.text('Which branch?', 'main').catch(() => {});
    input.write(typed);
    await vi.waitFor(() => expect(stopped).toHaveBeenCalledOnce());
  });
});
