import gate from '../../src/gates/spine/workbench-hygiene/streamdeck-config-lock.ts';
import { nearMisses } from './near-misses.ts';

const CONFIG = 'infra/streamdeck/config.json';

function config(text: string) {
  return { files: {}, siblings: { workbench: { [CONFIG]: text } } };
}

const NOT_JSON = [`config-is-json ${CONFIG}`];
const NO_BUTTONS = ['config-has-buttons buttons'];

export default nearMisses(gate, {
  pass: [
    { title: 'a map of buttons', ...config('{"buttons": {"a": 1}}') },
    { title: 'a text', ...config('{"buttons": "ab"}') },
    { title: 'numbers that only Python reads', ...config('{"a": [NaN, -Infinity], "buttons": [Infinity]}') },
    { title: 'the last of two keys', ...config('{"buttons": [], "buttons": [1]}') },
  ],
  fail: [
    { title: 'a comment', ...config('// x\n{"buttons": [1]}'), finds: NOT_JSON },
    { title: 'a byte order mark', ...config('\uFEFF{"buttons": [1]}'), finds: NOT_JSON },
    { title: 'single quotes', ...config("{'buttons': [1]}"), finds: NOT_JSON },
    { title: 'text behind it', ...config('{"buttons": [1]} x'), finds: NOT_JSON },
    { title: 'a list at the top', ...config('[1]'), finds: NO_BUTTONS },
    { title: 'a number of buttons', ...config('{"buttons": 3}'), finds: NO_BUTTONS },
    { title: 'an empty text', ...config('{"buttons": ""}'), finds: NO_BUTTONS },
  ],
});
