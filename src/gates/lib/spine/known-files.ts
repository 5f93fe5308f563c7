// Files of the ops repo that at least three gates read, under the one name by which gates call them.

/** Every capability an operator or agent may run. */
export const CAPABILITIES = 'ops/capabilities.yaml';
/** What this repo owns and what the workbench does. */
export const BOUNDARY = 'ops/bindings/fabric.boundary.contract.yaml';
/** Which domain each gate belongs to. */
export const TOPOLOGY = 'ops/bindings/gate.execution.topology.yaml';
/** Every virtual machine there is or was. */
export const VM_LIFECYCLE = 'ops/bindings/vm.lifecycle.yaml';
/** The address book: who can be logged in to, by id. */
export const SSH_TARGETS = 'ops/bindings/ssh.targets.yaml';
/** Which service runs on which host. */
export const SERVICE_REGISTRY = 'docs/governance/SERVICE_REGISTRY.yaml';
/** The manifest of the service move that is under way, if any. */
export const RELOCATION_PLAN = 'ops/bindings/infra.relocation.plan.yaml';
/** Where machines and services belong. */
export const PLACEMENT_POLICY = 'ops/bindings/infra.placement.policy.yaml';
/** Devices and their addresses, as a document. */
export const DEVICES = 'docs/governance/DEVICE_IDENTITY_SSOT.md';
/** What is backed up, and where to. */
export const BACKUPS = 'ops/bindings/backup.inventory.yaml';
