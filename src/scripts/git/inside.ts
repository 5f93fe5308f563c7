/** What lies in the `.git` of a checkout, by names that every one has: nobody here knows the whole of it, nor what stands in it. */
export const INSIDE_GIT: readonly { readonly path: string; readonly kind: 'file' | 'folder' }[] = [
  ...[
    'branches',
    'hooks',
    'info',
    'logs',
    'objects',
    'objects/ab',
    'objects/pack',
    'refs',
    'refs/heads',
    'refs/tags',
  ].map((path) => ({ path, kind: 'folder' }) as const),
  ...[
    ...['HEAD', 'config', 'description', 'index', 'packed-refs', 'info/exclude', 'logs/HEAD', 'refs/heads/main'],
    ...['hooks/pre-commit.sample', 'hooks/update.sample', 'objects/ab/0123456789abcdef0123456789abcdef012345'],
    ...[
      'objects/pack/pack-0123456789abcdef.idx',
      'objects/pack/pack-0123456789abcdef.pack',
      'refs/remotes/origin/HEAD',
    ],
  ].map((path) => ({ path, kind: 'file' }) as const),
];
/** In the words of a reason. */
export const WHAT_IS_INSIDE = 'what lies in .git';
