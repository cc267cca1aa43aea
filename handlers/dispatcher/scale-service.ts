import type { Look } from './hold-lock';
import { type LaunchMemory, withQuiet } from './launch-memory';
import type { DispatcherDeps } from './ports';
import { reasonOf } from './reason';
import type { ServiceWorkers } from './settings';
import { decideService } from './wanted-workers';
import type { WorkersReport } from './workers-report';

/** Sets how many tasks a service has, where that is to change. */
export async function scaleService(
  { memory, isAsked }: Look,
  sent: number,
  { cluster, service }: ServiceWorkers,
  deps: DispatcherDeps,
): Promise<{ readonly memory: LaunchMemory; readonly report: WorkersReport }> {
  const { ports, settings, log, now } = deps;
  const { waiting: counted, inFlight, delayed } = await ports.queueDepth();
  const desired = await ports.desiredCount(cluster, service);
  const waiting = Math.max(counted, sent, isAsked ? 1 : 0);
  const decision = decideService(
    { waiting, inFlight, delayed, desired, quietSince: memory.quietSince, now: now().getTime() },
    settings.limits,
  );
  if (decision.kind === 'stay') {
    const report = { waiting, inFlight, wanted: desired, running: desired, started: 0, missing: 0 };
    return { memory: withQuiet(memory, decision.quietSince), report };
  }
  const { to } = decision;
  try {
    await ports.setDesiredCount(cluster, service, to);
  } catch (error) {
    const reason = reasonOf(error);
    log.error('service-not-scaled', { service, from: desired, to, reason });
    const missing = Math.max(0, to - desired);
    return { memory, report: { waiting, inFlight, wanted: to, running: desired, started: 0, missing, reason } };
  }
  log.info('service-scaled', { service, from: desired, to });
  const started = Math.max(0, to - desired);
  return {
    memory: withQuiet(memory, undefined),
    report: { waiting, inFlight, wanted: to, running: to, started, missing: 0 },
  };
}
