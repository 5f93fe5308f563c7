import gate from '../../src/gates/spine/workbench-hygiene/billing-provider-lane-lock.ts';
import { nearMisses, soundFiles } from './near-misses.ts';

const ENGINE = 'ops/engine/run.sh';
const WATCHER = 'ops/runtime/inbox/hot-folder-watcher.sh';
const PLIST = 'dotfiles/macbook/launchd/com.ronny.agent-inbox.plist';
const FILES = soundFiles(gate);
const [sound] = gate.examples.pass;
const AGENT = String(sound?.siblings?.workbench?.[PLIST]);

function agent(text: string) {
  return { files: FILES, siblings: { workbench: { [PLIST]: text } } };
}

const DEFAULT = String(FILES[ENGINE]).trim();

export default nearMisses(gate, {
  pass: [
    {
      title: 'the default in a comment',
      ...agent(AGENT),
      files: { ...FILES, [ENGINE]: `# ${DEFAULT}\nprovider=anthropic\n` },
    },
    { title: 'a longer name before it', ...agent(AGENT), files: { ...FILES, [ENGINE]: `x${DEFAULT}\n` } },
    {
      title: 'more keys, and a comment',
      ...agent(AGENT.replace('<key>ZAI', '<!-- x --><key>MORE</key><true/><key>ZAI')),
    },
    {
      title: 'the last of two keys counts',
      ...agent(AGENT.replace('<key>ZAI', '<key>ZAI_MODEL</key><string>x</string><key>ZAI')),
    },
  ],
  fail: [
    { title: 'no engine', files: { [WATCHER]: '' }, finds: [`file-exists ${ENGINE}`] },
    {
      title: 'a value with a space',
      ...agent(AGENT.replace('glm-5<', 'glm-5 <')),
      finds: ['launch-agent-sets-variable ZAI_MODEL'],
    },
    {
      title: 'a value that is a number',
      ...agent(AGENT.replace('<string>glm-5</string>', '<integer>5</integer>')),
      finds: ['launch-agent-sets-variable ZAI_MODEL'],
    },
    {
      title: 'a key in a comment',
      ...agent(AGENT.replace(/(<key>ZAI.*)/, '<!-- $1 -->')),
      finds: ['launch-agent-sets-variable ZAI_MODEL'],
    },
    {
      title: 'keys one level up',
      ...agent(AGENT.replace('<key>EnvironmentVariables</key><dict>', '').replace('</dict></dict>', '</dict>')),
      finds: ['launch-agent-sets-variable SPINE_WATCHER_PROVIDER'],
    },
    {
      title: 'no list of variables but a text',
      ...agent('<plist><dict><key>EnvironmentVariables</key><string/></dict></plist>'),
      finds: [`launch-agent-is-readable ${PLIST}`],
    },
  ],
});
