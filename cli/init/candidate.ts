/** A gate that init may write, with the tables that it needs. */
export interface Candidate {
  readonly id: string;
  /** Why one would want it, as a comment over it. */
  readonly reason: string;
  /** Tables by name: each as a line of YAML. */
  readonly data: Readonly<Record<string, string>>;
  /** The gate without its id: a line of YAML. */
  readonly gate: string;
}

/** Some of the files of a repo, by path. */
export type Paths = readonly string[];
