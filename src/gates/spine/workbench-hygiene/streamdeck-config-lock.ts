import { defineGate } from '../../lib/define.ts';
import { readJson } from '../../lib/files/json.ts';
import { needsWorkbench } from '../../lib/spine/host-paths.ts';

const CONFIG = 'infra/streamdeck/config.json';

export default defineGate({
  name: 'streamdeck-config-lock',
  mirrors: ['e58cbee4deda936bc2113dce9b2857d00e9bf11d'],
  why: 'The button box that switches the house can be restored only from a configuration that is under version control and has buttons.',
  fix: 'Export the configuration to infra/streamdeck/config.json in the workbench and commit it.',
  limits: 'Whether the box runs this configuration is not compared.',
  needs: {},
  siblingReads: { workbench: [CONFIG] },

  rules: {
    'config-exists': 'The workbench has no {path}.',
    'config-is-json': '{path} in the workbench is not valid JSON.',
    'config-has-buttons': '{path} in the workbench has no `buttons`.',
  },

  *check(_needs, report, { sibling }) {
    const workbench = sibling('workbench');
    if (!workbench) return yield needsWorkbench('the configuration of the button box');
    const at = workbench.at(CONFIG);
    if (!workbench.isFile(CONFIG)) return yield report('config-exists', CONFIG, at, { path: CONFIG });
    const config = readJson(workbench.text(CONFIG));
    if (config === undefined) return yield report('config-is-json', CONFIG, at, { path: CONFIG });
    if (countOf(config) === 0) yield report('config-has-buttons', 'buttons', at, { path: CONFIG });
  },

  examples: {
    pass: [{ title: 'two buttons', files: {}, siblings: { workbench: { [CONFIG]: '{"buttons": [{}, {}]}' } } }],
    fail: [
      { title: 'no file', files: {}, siblings: { workbench: {} }, finds: [`config-exists ${CONFIG}`] },
      {
        title: 'a comma too much',
        files: {},
        siblings: { workbench: { [CONFIG]: '{"buttons": [1,]}' } },
        finds: [`config-is-json ${CONFIG}`],
      },
      {
        title: 'no buttons',
        files: {},
        siblings: { workbench: { [CONFIG]: '{"buttons": []}' } },
        finds: ['config-has-buttons buttons'],
      },
    ],
    blind: [{ title: 'no workbench', files: {} }],
  },
});

/** Buttons in a list, a map or a text; none where the file has another form, on which the script ends. */
function countOf(config: unknown): number {
  if (typeof config !== 'object' || config === null || Array.isArray(config) || !('buttons' in config)) return 0;
  const { buttons } = config;
  if (typeof buttons === 'string' || Array.isArray(buttons)) return buttons.length;
  return typeof buttons === 'object' && buttons !== null ? Object.keys(buttons).length : 0;
}
