import type { Gate, GateContext, NotApplicable, Remark } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import { type Report, type Rules, reporterFor } from '../define.ts';
import { createFacts, type Facts, filesOf } from './facts.ts';
import { type BindingName, type BindingOverrides, type Bindings, bindingsWith } from './layout.ts';

/** A gate of this lane: it can be built for another layout of an ops repo. */
export interface ResilienceGate extends Gate {
  readonly forLayout: (bindings: Bindings) => ResilienceGate;
}

/** What a gate of this lane declares; it does not apply where one of `needs` is not in the repo. */
interface Definition<R extends Rules> extends Omit<Gate, 'check' | 'reads' | 'mirrors' | 'own' | 'rules'> {
  readonly number: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  readonly needs: readonly BindingName[];
  readonly rules: R;
  check(facts: Facts, report: Report<R>, context: GateContext): Iterable<Remark>;
}

/** A gate of the lane, for the default layout. */
export function defineResilienceGate<const R extends Rules>(definition: Definition<R>): ResilienceGate {
  return build(definition, bindingsWith({}));
}

/** The same gates for an ops repo that keeps its facts elsewhere or names them differently; gates of other lanes stay as they are. */
export function withLayout(gates: readonly Gate[], overrides: BindingOverrides | undefined): readonly Gate[] {
  if (!overrides) return gates;
  const bindings = bindingsWith(overrides);
  return gates.map((gate) => (isOurs(gate) ? gate.forLayout(bindings) : gate));
}

function isOurs(gate: Gate): gate is ResilienceGate {
  return 'forLayout' in gate;
}

function build<R extends Rules>(definition: Definition<R>, bindings: Bindings): ResilienceGate {
  const { number, severity, needs, check, ...rest } = definition;
  const paths = needs.map((name) => bindings.paths[name]);
  const report = reporterFor(definition.rules);
  return {
    ...rest,
    mirrors: [],
    own: { number, lane: 'resilience', severity, isOptional: true },
    reads: paths,
    check: (context) => lacking(context.repo, paths) ?? check(createFacts(context.repo, bindings), report, context),
    forLayout: (other) => build(definition, other),
  };
}

function lacking(repo: Repo, paths: readonly string[]): readonly NotApplicable[] | undefined {
  const missing = paths.filter((path) => !filesOf(repo, path).some((file) => repo.isFile(file)));
  return missing.length > 0 ? [{ notApplicable: `there is no ${missing.join(' and no ')}` }] : undefined;
}
