/** Who am I, what may I do, how much is left: users, Apps, installations, limits. */
import { effectiveRole, isInstalledOn } from './access.ts';
import type { App, Installation } from './auth.ts';
import { type Answer, type Call, type Handler, nowOf, param, repositoryOf } from './call.ts';
import { forbidden, notFound, requiresAuthentication, validationFailed } from './errors.ts';
import { presentApp } from './issue-shapes.ts';
import { isRecord } from './openapi-schemas.ts';
import { presentPerson, presentSelf } from './people.ts';
import { grants, type Level, type Permissions } from './permissions.ts';
import { presentRepository } from './repositories.ts';

function getRepository(call: Call): Answer {
  const repository = repositoryOf(call);
  const role = effectiveRole(call.caller, repository);
  return { status: 200, body: presentRepository(call.world.url, repository, role) };
}

function getUser(call: Call): Answer {
  const { caller } = call;
  if (caller.kind === 'installation token') throw forbidden('Resource not accessible by integration');
  if (caller.person === null) throw requiresAuthentication();
  return { status: 200, body: presentSelf(call.world.url, caller.person) };
}

function appOf(call: Call): App {
  if (call.caller.kind !== 'app' || call.caller.app === null) throw requiresAuthentication();
  return call.caller.app;
}

function getInstallation(call: Call): Answer {
  const app = appOf(call);
  const repository = repositoryOf(call);
  const { installation } = app;
  if (installation === null || !isInstalledOn(app, repository)) throw notFound();
  const url = `${call.world.url}/app/installations/${installation.id}`;
  return {
    status: 200,
    body: {
      id: installation.id,
      client_id: app.clientId,
      account: presentPerson(call.world.url, repository.owner),
      repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
      access_tokens_url: `${url}/access_tokens`,
      repositories_url: `${call.world.url}/installation/repositories`,
      html_url: `https://github.com/settings/installations/${installation.id}`,
      app_id: app.id,
      app_slug: app.slug,
      target_id: repository.owner.id,
      target_type: repository.owner.type,
      permissions: installation.permissions,
      events: ['push'],
      created_at: app.createdAt,
      updated_at: app.createdAt,
      single_file_name: null,
      has_multiple_single_files: false,
      single_file_paths: [],
      suspended_by: null,
      suspended_at: installation.suspended ? nowOf(call) : null,
    },
  };
}

/** The permissions asked for, which may be fewer than the installation's but not more. */
function narrowedPermissions(call: Call, installation: Installation): Permissions {
  const asked = call.body.permissions;
  if (!isRecord(asked)) return installation.permissions;
  const permissions: Permissions = { metadata: 'read' };
  for (const [permission, value] of Object.entries(asked)) {
    const level: Level = value === 'write' ? 'write' : 'read';
    if (!grants(installation.permissions, { permission, level })) {
      throw validationFailed({ resource: 'Installation', field: permission, code: 'invalid' });
    }
    permissions[permission] = level;
  }
  return permissions;
}

function narrowedRepositories(call: Call, app: App): Installation['repositories'] {
  const names = Array.isArray(call.body.repositories) ? call.body.repositories.map(String) : undefined;
  const ids = Array.isArray(call.body.repository_ids) ? call.body.repository_ids.map(Number) : undefined;
  if (names === undefined && ids === undefined) return app.installation?.repositories ?? 'all';
  const chosen = call.world.repositories.filter(
    (repository) => names?.includes(repository.name) === true || ids?.includes(repository.id) === true,
  );
  const wanted = (names?.length ?? 0) + (ids?.length ?? 0);
  if (chosen.length < wanted || !chosen.every((repository) => isInstalledOn(app, repository))) {
    throw validationFailed({ resource: 'Installation', field: 'repositories', code: 'invalid' });
  }
  return new Set(chosen.map((repository) => repository.id));
}

function createToken(call: Call): Answer {
  const app = appOf(call);
  const { installation } = app;
  if (installation === null || String(installation.id) !== param(call, 'installation_id')) throw notFound();
  if (installation.suspended) throw forbidden('This installation has been suspended');
  const permissions = narrowedPermissions(call, installation);
  const repositories = narrowedRepositories(call, app);
  const { token, expiresAt } = call.world.authority.mint(app, permissions, repositories);
  const body = {
    token,
    expires_at: expiresAt,
    permissions,
    repository_selection: repositories === 'all' ? 'all' : 'selected',
  };
  return { status: 201, body };
}

function convertManifest(call: Call): Answer {
  const manifest = call.world.manifests.take(param(call, 'code'));
  if (manifest === undefined) throw notFound();
  const owner = call.world.people.get(manifest.owner);
  const slug = manifest.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const { app, privateKey } = call.world.authority.createApp(slug, owner, manifest.permissions);
  const body = {
    ...presentApp(call.world.url, app),
    client_secret: `client-secret-of-${slug}`,
    webhook_secret: app.webhookSecret,
    pem: privateKey,
  };
  return { status: 201, body };
}

function getLimits(call: Call): Answer {
  const { limits } = call.world;
  const present = (resource: 'core' | 'graphql'): Record<string, number> => {
    const { limit, used, resetAt } = limits.bucket(call.caller, resource);
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(resetAt / 1000) };
  };
  const core = present('core');
  const search = { ...core, limit: 30, used: 0, remaining: 30 };
  return { status: 200, body: { resources: { core, search, graphql: present('graphql') }, rate: core } };
}

export const accountHandlers: Record<string, Handler> = {
  'repos/get': getRepository,
  'users/get-authenticated': getUser,
  'apps/get-authenticated': (call) => ({ status: 200, body: presentApp(call.world.url, appOf(call)) }),
  'apps/get-repo-installation': getInstallation,
  'apps/create-installation-access-token': createToken,
  'apps/create-from-manifest': convertManifest,
  'rate-limit/get': getLimits,
};
