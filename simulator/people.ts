/** Users and bots, and how GitHub shows them. */
export interface Person {
  login: string;
  id: number;
  type: 'User' | 'Bot' | 'Organization';
  email: string | undefined;
}

export interface Directory {
  /** The person with this login, created on first mention. */
  get(login: string, type?: Person['type']): Person;
  byEmail(email: string): Person | null;
}

/** Everyone the simulator has heard of. */
export function createDirectory(): Directory {
  const people = new Map<string, Person>();
  return {
    get(login, type) {
      const key = login.toLowerCase();
      let person = people.get(key);
      if (person === undefined) {
        const isBot = login.endsWith('[bot]');
        const id = 5000 + people.size;
        const email = `${id}+${login}@users.noreply.github.com`;
        person = { login, id, type: type ?? (isBot ? 'Bot' : 'User'), email };
        people.set(key, person);
      }
      return person;
    },
    byEmail(email) {
      for (const person of people.values()) if (person.email === email) return person;
      return null;
    },
  };
}

/** GitHub's opaque ids are base64; only their stability matters. */
export function nodeId(kind: string, ...parts: (number | string)[]): string {
  return `${kind}_${Buffer.from(parts.join(':')).toString('base64url')}`;
}

/** The `simple-user` shape. */
export function presentPerson(api: string, person: Person): Record<string, unknown> {
  const login = encodeURIComponent(person.login);
  const url = `${api}/users/${login}`;
  const page = person.login.replace(/\[bot\]$/, '');
  const prefix = person.type === 'Bot' ? 'https://github.com/apps' : 'https://github.com';
  return {
    login: person.login,
    id: person.id,
    node_id: nodeId(person.type === 'Bot' ? 'BOT' : 'U', person.id),
    avatar_url: `https://avatars.githubusercontent.com/u/${person.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${prefix}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: person.type,
    site_admin: false,
  };
}

/** The `private-user` shape, which a token's own user gets from `GET /user`. */
export function presentSelf(api: string, person: Person): Record<string, unknown> {
  return {
    ...presentPerson(api, person),
    user_view_type: 'private',
    name: person.login,
    company: null,
    blog: '',
    location: null,
    email: person.email ?? null,
    notification_email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 1,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
    private_gists: 0,
    total_private_repos: 1,
    owned_private_repos: 1,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
}
