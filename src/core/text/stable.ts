/**
 * A printed line without what changes from run to run, for use as an identity: times, dates, commit ids, durations and counts become `#`.
 * Numbers that belong to a name (`vm-200`, `d138`, `10.0.0.5`) stay, since they say what the line is about.
 */
export function stableText(line: string): string {
  return line
    .replace(/\b\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?/g, '#')
    .replace(/\b\d{1,2}:\d{2}(:\d{2})?\b/g, '#')
    .replace(/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b/g, '#')
    .replace(/:\d+(:\d+)?(?=[:\s]|$)/g, ':#')
    .replace(
      /(?<![\w.:/-])\d+(\.\d+)?(?=\s*(?:%|ms|s|sec|secs|seconds?|min|minutes?|h|hours?|d|days?|[a-z]{3,}s)\b)/g,
      '#',
    )
    .replace(/\s+/g, ' ')
    .trim();
}
