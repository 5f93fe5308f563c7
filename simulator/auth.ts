/** Who is calling: personal tokens, GitHub Apps, and the installation tokens Apps mint. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SimulatorClock } from './clock.ts';
import { timestamp } from './clock.ts';
import { badCredentials, GitHubError } from './errors.ts';
import type { AppIdentity, Author } from './issue-store.ts';
import { verifyAppJwt } from './jwt.ts';
import type { Directory, Person } from './people.ts';
import { fullPermissions, type Permissions } from './permissions.ts';

/** `all`, or the ids of the repositories that were selected. */
export type RepositorySelection = 'all' | ReadonlySet<number>;

export interface Caller {
  kind: 'anonymous' | 'personal token' | 'installation token' | 'app';
  /** The token itself: ETags differ between tokens. */
  token: string;
  /** What rate limits are counted for: a user, an installation, an address. */
  account: string;
  person: Person | null;
  app: App | null;
  permissions: Permissions;
  repositories: RepositorySelection;
}

export interface App extends AppIdentity {
  publicKey: KeyObject;
  webhookSecret: string;
  installation: Installation | null;
}

export interface Installation {
  id: number;
  repositories: RepositorySelection;
  permissions: Permissions;
  suspended: boolean;
}

export interface TokenOptions {
  token: string;
  login: string;
  /** Default: contents read, issues write, statuses write. */
  permissions?: Permissions;
  /** Repository ids; default all that the person can see. */
  repositories?: number[];
}

export interface NewApp {
  app: App;
  /** PKCS#1, as GitHub hands it out. */
  privateKey: string;
}

export interface Authority {
  readonly apps: Map<number, App>;
  addToken(options: TokenOptions): void;
  createApp(slug: string, owner: Person, permissions?: Permissions): NewApp;
  install(app: App, repositories: RepositorySelection): Installation;
  mint(app: App, permissions: Permissions, repositories: RepositorySelection): { token: string; expiresAt: string };
  /** From now on this token is answered with 401. */
  revoke(token: string): void;
  identify(authorization: string | undefined): Caller;
}

const anonymous: Caller = {
  kind: 'anonymous',
  token: '',
  account: 'anonymous',
  person: null,
  app: null,
  permissions: {},
  repositories: new Set<number>(),
};

/** Whom GitHub names as the author of what this caller writes. */
export function authorOf(caller: Caller): Author {
  if (caller.person === null) throw new GitHubError(401, 'Requires authentication');
  return { person: caller.person, app: caller.app };
}

export function createAuthority(clock: SimulatorClock, jwtNow: () => Date, people: Directory): Authority {
  const callers = new Map<string, { caller: Caller; expiresAt: number }>();
  const apps = new Map<number, App>();
  let minted = 0;

  function identifyApp(jwt: string): Caller {
    const app = verifyAppJwt(jwt, jwtNow(), (issuer) =>
      [...apps.values()].find((each) => String(each.id) === issuer || each.clientId === issuer),
    );
    return { ...anonymous, kind: 'app', token: jwt, account: `app ${app.id}`, app, permissions: fullPermissions };
  }

  return {
    apps,
    addToken({ token, login, permissions, repositories }) {
      const caller: Caller = {
        kind: 'personal token',
        token,
        account: `user ${login}`,
        person: people.get(login),
        app: null,
        permissions: permissions ?? fullPermissions,
        repositories: repositories === undefined ? 'all' : new Set(repositories),
      };
      callers.set(token, { caller, expiresAt: Number.POSITIVE_INFINITY });
    },
    createApp(slug, owner, permissions = fullPermissions) {
      const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
      const id = 900_001 + apps.size;
      const app: App = {
        id,
        slug,
        clientId: `Iv23li${String(id).padStart(14, 'x')}`,
        owner,
        permissions,
        createdAt: timestamp(clock.now()),
        publicKey: createPublicKey(privateKey),
        webhookSecret: `webhook-secret-of-${slug}`,
        installation: null,
      };
      apps.set(id, app);
      return { app, privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() };
    },
    install(app, repositories) {
      const permissions = app.permissions as Permissions;
      app.installation = { id: app.id + 70_000_000, repositories, permissions, suspended: false };
      return app.installation;
    },
    mint(app, permissions, repositories) {
      minted += 1;
      // Installation tokens are long and have no fixed length since 2026; nobody may count on 40 characters.
      const token = `ghs_${app.id}_${Buffer.from(`simulated ${minted} `.repeat(20)).toString('base64url')}`;
      const expiresAt = clock.now().getTime() + 3_600_000;
      const caller: Caller = {
        kind: 'installation token',
        token,
        account: `installation ${app.installation?.id ?? 0}`,
        person: people.get(`${app.slug}[bot]`, 'Bot'),
        app,
        permissions,
        repositories,
      };
      callers.set(token, { caller, expiresAt });
      return { token, expiresAt: timestamp(new Date(expiresAt)) };
    },
    revoke(token) {
      callers.delete(token);
    },
    identify(authorization) {
      if (authorization === undefined) return anonymous;
      const [, scheme = '', token = ''] = /^(\S+)\s+(\S+)$/.exec(authorization) ?? [];
      if (!/^(bearer|token)$/i.test(scheme)) throw badCredentials();
      if (/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return identifyApp(token);
      const known = callers.get(token);
      if (known === undefined || known.expiresAt <= clock.now().getTime()) throw badCredentials();
      if (known.caller.app?.installation?.suspended === true && known.caller.kind === 'installation token') {
        throw new GitHubError(403, 'This installation has been suspended');
      }
      return known.caller;
    },
  };
}
