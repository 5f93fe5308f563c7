import { hasKeyTwice, type YqNode } from './node.ts';
import { Unsupported } from './signals.ts';

/** A copy in plain block style, as `-P` prints it: only texts that old parsers take for a boolean keep their quotes. Throws `Unsupported`. */
export function prettyCopy(node: YqNode): YqNode {
  if (hasKeyTwice(node)) throw new Unsupported('-P of a map with a key twice');
  const keepsStyle = node.tag === '!!str' && /^(?:y|yes|n|no|on|off)$/i.test(node.value);
  return {
    ...node,
    style: keepsStyle ? node.style : '',
    isTagged: keepsStyle && node.isTagged,
    content: node.content.map(prettyCopy),
  };
}
