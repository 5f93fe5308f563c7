/** Refs, branches, trees and blobs. */
import { type Answer, acceptedMedia, type Call, type Handler, param, repositoryOf } from './call.ts';
import { presentCommit } from './commit-shapes.ts';
import { GitHubError, notFound } from './errors.ts';
import { nodeId } from './people.ts';
import { fullName } from './repositories.ts';

/** The commit a ref names; a fault may make GitHub lag behind a push. */
export async function commitAt(call: Call, ref: string): Promise<string | null> {
  const repository = repositoryOf(call);
  const { git } = repository;
  const found = await git.resolveCommit(ref);
  const { commitsBehind: behind, repository: bent } = call.distortion;
  const isBent = behind !== undefined && (bent === undefined || bent === fullName(repository));
  if (found === null || !isBent) return found;
  const older = await git.read(`${found}~${behind}^{commit}`);
  return older?.oid ?? found;
}

/** A repository without any ref answers 409, whatever is asked of it. */
export async function refuseEmpty(call: Call): Promise<void> {
  const refs = await repositoryOf(call).git.run(['for-each-ref', '--count=1']);
  if (refs.length === 0) throw new GitHubError(409, 'Git Repository is empty.');
}

async function getRef(call: Call): Promise<Answer> {
  const repository = repositoryOf(call);
  const ref = param(call, 'ref');
  const found = /^(heads|tags)\//.test(ref) ? await repository.git.read(`refs/${ref}`) : null;
  if (found === null) {
    await refuseEmpty(call);
    throw notFound();
  }
  const oid = found.type === 'commit' ? ((await commitAt(call, ref)) ?? found.oid) : found.oid;
  const url = `${call.world.url}/repos/${fullName(repository)}/git`;
  return {
    status: 200,
    body: {
      ref: `refs/${ref}`,
      node_id: nodeId('REF', repository.id, ref),
      url: `${url}/refs/${ref}`,
      object: { sha: oid, type: found.type, url: `${url}/${found.type}s/${oid}` },
    },
  };
}

async function getBranch(call: Call): Promise<Answer> {
  const repository = repositoryOf(call);
  const name = param(call, 'branch');
  const object = await repository.git.read(`refs/heads/${name}^{commit}`);
  if (object === null) throw new GitHubError(404, 'Branch not found');
  const oid = (await commitAt(call, `heads/${name}`)) ?? object.oid;
  const commit = await repository.git.commit(oid);
  if (commit === null) throw notFound();
  const self = `${call.world.url}/repos/${fullName(repository)}/branches/${name}`;
  return {
    status: 200,
    body: {
      name,
      commit: presentCommit(call.world, repository, commit),
      _links: { self, html: `https://github.com/${fullName(repository)}/tree/${name}` },
      protected: false,
      protection: {
        enabled: false,
        required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
      },
      protection_url: `${self}/protection`,
    },
  };
}

async function getTree(call: Call): Promise<Answer> {
  const repository = repositoryOf(call);
  const name = param(call, 'tree_sha');
  const commit = await repository.git.resolveCommit(name);
  const tree = commit ?? (/^[0-9a-f]{40}$/.test(name) ? name : null);
  const object = tree === null ? null : await repository.git.read(`${tree}^{tree}`);
  if (tree === null || object === null) {
    await refuseEmpty(call);
    throw notFound();
  }
  const base = `${call.world.url}/repos/${fullName(repository)}/git`;
  const { treeEntries, treeBytes } = call.world.caps;
  const tree_: unknown[] = [];
  let bytes = 0;
  let truncated = false;
  // Any value makes it recursive, even "0" or "false".
  for (const entry of await repository.git.tree(object.oid, call.query.recursive !== undefined)) {
    const { path, mode, type, oid: sha, size } = entry;
    const shown: Record<string, unknown> = { path, mode, type, sha };
    if (size !== undefined) shown.size = size;
    if (type !== 'commit') shown.url = `${base}/${type}s/${sha}`;
    bytes += Buffer.byteLength(JSON.stringify(shown)) + 1;
    truncated = tree_.length >= treeEntries || bytes > treeBytes;
    if (truncated) break;
    tree_.push(shown);
  }
  return {
    status: 200,
    body: { sha: tree, url: `${base}/trees/${tree}`, tree: tree_, truncated },
  };
}

/** GitHub breaks the base64 of a blob into lines. */
function base64Lines(content: Buffer): string {
  return content.toString('base64').replace(/.{1,60}/g, '$&\n');
}

async function getBlob(call: Call): Promise<Answer> {
  const repository = repositoryOf(call);
  const oid = param(call, 'file_sha');
  const object = /^[0-9a-f]{40}$/.test(oid) ? await repository.git.read(oid) : null;
  if (object?.type !== 'blob') throw notFound();
  if (acceptedMedia(call) === 'raw') {
    const type = 'application/vnd.github.raw+json; charset=utf-8';
    return { status: 200, raw: { content: object.content, type } };
  }
  return {
    status: 200,
    body: {
      sha: oid,
      node_id: nodeId('B', repository.id, oid),
      size: object.content.length,
      url: `${call.world.url}/repos/${fullName(repository)}/git/blobs/${oid}`,
      content: base64Lines(object.content),
      encoding: 'base64',
    },
  };
}

export const gitObjectHandlers: Record<string, Handler> = {
  'git/get-ref': getRef,
  'repos/get-branch': getBranch,
  'git/get-tree': getTree,
  'git/get-blob': getBlob,
};
