/** A repository at GitHub, as its routes name it. */
export interface GitHubRepo {
  readonly owner: string;
  readonly repo: string;
}
