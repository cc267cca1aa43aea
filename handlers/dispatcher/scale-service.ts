import { reasonOf } from '../shared/reason';
import { nextHandedOver } from './handed-over';
import type { Look } from './hold-lock';
import { type LaunchMemory, withHandedOver, withQuiet, withShortfall } from './launch-memory';
import type { DispatcherDeps } from './ports';
import type { ServiceWorkers } from './settings';
import { missingTasks, nextShortfall } from './shortfall';
import { decideService } from './wanted-workers';
import type { WorkersReport } from './workers-report';

const NEVER_RAN = 'ECS has not brought them to run for ten minutes: the events of the service say why';

/** Sets how many tasks a service has, where that is to change, and tells of those that ECS does not bring to run. */
export async function scaleService(
  { memory: known, isAsked }: Look,
  sent: number,
  { cluster, service }: ServiceWorkers,
  deps: DispatcherDeps,
): Promise<{ readonly memory: LaunchMemory; readonly report: WorkersReport }> {
  const { ports, settings, log } = deps;
  const now = deps.now().getTime();
  const { waiting: counted, inFlight, delayed } = await ports.queueDepth();
  const tasks = await ports.serviceTasks(cluster, service);
  const { desired } = tasks;
  const shortfall = nextShortfall(known.shortfall, tasks, now);
  const handedOver = settings.isFifo ? undefined : nextHandedOver(known.handedOver, delayed, now);
  const memory = withHandedOver(withShortfall(known, shortfall), handedOver);
  const neverRan = missingTasks(shortfall, tasks, now);
  const why = neverRan === 0 ? {} : { reason: NEVER_RAN };
  if (neverRan > 0) {
    log.error('workers-missing', { wanted: desired, running: tasks.running, ...why });
  }
  const waiting = Math.max(counted, sent, isAsked ? 1 : 0);
  const decision = decideService(
    {
      waiting,
      inFlight,
      delayed,
      handedOver: handedOver?.copies ?? 0,
      desired,
      quietSince: memory.quietSince,
      now,
    },
    settings.limits,
  );
  const seen = { waiting, inFlight, running: desired - neverRan, started: 0, missing: neverRan, ...why };
  if (decision.kind === 'stay') {
    return { memory: withQuiet(memory, decision.quietSince), report: { ...seen, wanted: desired } };
  }
  const { to } = decision;
  try {
    await ports.setDesiredCount(cluster, service, to);
  } catch (error) {
    const reason = reasonOf(error);
    log.error('service-not-scaled', { service, from: desired, to, reason });
    const missing = neverRan + Math.max(0, to - desired);
    return { memory, report: { ...seen, wanted: to, missing, reason } };
  }
  log.info('service-scaled', { service, from: desired, to });
  const started = Math.max(0, to - desired);
  return {
    memory: withQuiet(memory, undefined),
    report: { ...seen, wanted: to, running: Math.max(0, to - neverRan), started },
  };
}
