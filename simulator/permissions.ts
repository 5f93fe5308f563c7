/** Which fine-grained permission each operation asks for. */
export type Level = 'read' | 'write';
export type Permissions = Record<string, Level>;

export interface Requirement {
  permission: string;
  level: Level;
}

/** Enough for everything Lanekeeper does. */
export const fullPermissions: Permissions = {
  checks: 'read',
  contents: 'read',
  issues: 'write',
  metadata: 'read',
  statuses: 'write',
};

const special: Record<string, Requirement> = {
  'repos/get': { permission: 'metadata', level: 'read' },
  'apps/get-repo-installation': { permission: 'metadata', level: 'read' },
  'repos/create-commit-status': { permission: 'statuses', level: 'write' },
  'repos/get-combined-status-for-ref': { permission: 'statuses', level: 'read' },
  'repos/list-commit-statuses-for-ref': { permission: 'statuses', level: 'read' },
};

/** The permission an operation needs; `write` for anything but a GET. */
export function requirementOf(operation: string, method: string): Requirement {
  const found = special[operation];
  if (found !== undefined) return found;
  const level = method === 'GET' ? 'read' : 'write';
  return { permission: operation.startsWith('issues/') ? 'issues' : 'contents', level };
}

/** Whether the permissions include this one at this level. */
export function grants(permissions: Permissions, { permission, level }: Requirement): boolean {
  if (permission === 'metadata' && level === 'read') return true;
  const granted = permissions[permission];
  return granted === 'write' || granted === level;
}
