import { bytesOf } from '../files/bytes.ts';
import type { Program } from '../shell/shell.ts';
import { readOperands } from './inputs.ts';
import { parseOptions } from './options.ts';

export const base64: Program = async (process) => {
  const options = parseOptions(process, 'base64', 'd D w: decode=d wrap:=w');
  if (!options) return 1;
  const { texts, status } = await readOperands(process, 'base64', options.operands);
  for (const { text } of texts) {
    if (options.has('d') || options.has('D')) {
      process.output.write(atob(text.replace(/\s/g, '')));
      continue;
    }
    const encoded = btoa(String.fromCharCode(...bytesOf(text)));
    const width = Number(options.value('w') ?? 76);
    process.output.write(width === 0 ? encoded : `${encoded.replace(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n')}\n`);
  }
  return status;
};
