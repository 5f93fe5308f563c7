/** The fields between the first two lines of dashes, as Python splits lines; of several names, the first that is there at all. */
export function frontMatter(text: string): (...names: readonly string[]) => string {
  const lines = text.split(/\r\n|[\n\r\v\f\x85\u2028\u2029]/);
  const start = lines.findIndex((line) => line.trim() === '---');
  const end = lines.findIndex((line, index) => index > start && line.trim() === '---');
  const fields = new Map<string, string>();
  for (const line of start >= 0 && end > start ? lines.slice(start + 1, end) : []) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const value = line.slice(colon + 1).trim();
    fields.set(line.slice(0, colon).trim(), value.replace(/^"+|"+$/g, '').replace(/^'+|'+$/g, ''));
  }
  return (...names) => fields.get(names.find((name) => fields.has(name)) ?? '') ?? '';
}
