import type { Target } from '../config/targets.ts';
import type { Acceptance, AuditRequest, Progress, Proof, Receipt } from '../coordinator/coordinator.ts';
import type { AuditStore, StoredAudit } from '../core/store.ts';
import type { VerifyWorkflow } from '../reported/oidc.ts';
import type { Results } from '../reported/results.ts';
import type { VerifyAccess } from './middleware/cloudflare-access.ts';

/** One target's coordinator, as the web reaches it. */
export interface CoordinatorHandle {
  request(request: AuditRequest): Promise<void>;
  /** Notes a webhook delivery and the audit it asks for; false when it was seen before. */
  receiveWebhook(delivery: string, request: AuditRequest | null, sender: string): Promise<boolean>;
  /** Makes the present findings baseline; false when there is no such gate, or no audit yet. */
  accept(acceptance: Acceptance): Promise<boolean>;
  receiveResults(posted: Results, proof: Proof): Promise<Receipt>;
  /** Forgets all that was reported, or what one runner said. */
  forgetResults(runner?: string): Promise<void>;
  progress(): Promise<Progress>;
}

/** What the web needs of the rest. */
export interface WebPorts {
  readonly targets: readonly Target[];
  readonly store: AuditStore;
  readonly webhookSecret: string | undefined;
  readonly dashboardToken: string | undefined;
  /** Cloudflare Access, where it is set up. */
  readonly verifyAccess?: VerifyAccess | undefined;
  /** What the results keys of targets are made from. */
  readonly resultsSecret?: string | undefined;
  /** Checks tokens of GitHub Actions; absent where the Worker does not know its own address. */
  readonly verifyWorkflow?: VerifyWorkflow | undefined;
  /** Where GitHub's pages are. */
  readonly githubWebUrl: string;
  readonly now: () => number;
  coordinator(repo: string): CoordinatorHandle;
}

export interface WebEnv {
  Variables: {
    ports: WebPorts;
    /** The target of the path; set by `admit`. */
    target: Target;
    /** The audit of the path; set by `requireAudit`. */
    audit: StoredAudit;
    /** Whether the request may see and do everything; set by `admit`. */
    isTrusted: boolean;
  };
}
