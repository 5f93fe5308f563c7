import { bytesOf } from '../files/bytes.ts';
import type { Program } from '../shell/shell.ts';
import { nowhere } from '../shell/streams.ts';
import { readOperands } from './inputs.ts';
import { parseOptions } from './options.ts';

export const base64: Program = async (process) => {
  const options = parseOptions(process, 'base64', 'd D w: decode=d wrap:=w');
  if (!options) return 1;
  const { texts, status } = await readOperands(process, 'base64', options.operands);
  for (const { text } of texts) {
    if (options.has('d') || options.has('D')) {
      const whole = text.replace(/\n/g, '');
      // What is read before the first letter that has no meaning depends on the version.
      if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(whole)) {
        if (process.output !== nowhere) process.shell.host.needs('what base64 makes of a text that is not base64');
        process.errors.write('base64: invalid input\n');
        return 1;
      }
      process.output.write(atob(whole));
      continue;
    }
    const encoded = btoa(String.fromCharCode(...bytesOf(text)));
    const width = Number(options.value('w') ?? 76);
    process.output.write(width === 0 ? encoded : `${encoded.replace(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n')}\n`);
  }
  return status;
};
