/** How many tasks a service has. */
export interface ServiceTasks {
  /** As many as it is to have. */
  readonly desired: number;
  /** Those of them that are more than a promise. */
  readonly running: number;
}

/** A service has fewer tasks that run than it is to have. */
export interface Shortfall {
  /** Since when no further one has come to run. */
  readonly since: number;
  /** How many ran when it was last looked at. */
  readonly running: number;
}

/**
 * Longer than the pull of a large image and the start of an instance take. Where the image, a role or room is missing, ECS
 * tries again and again, and tells nobody who does not read the service's events.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html, SERVICE_TASK_START_IMPAIRED
 */
const SHORTFALL_MILLISECONDS = 10 * 60 * 1000;

/** `undefined` where as many tasks run as are to. While one after the other comes to run, the wait begins anew. */
export function nextShortfall(
  known: Shortfall | undefined,
  { desired, running }: ServiceTasks,
  now: number,
): Shortfall | undefined {
  if (running >= desired) {
    return undefined;
  }
  return { since: known === undefined || running > known.running ? now : known.since, running };
}

/** How many tasks of the service are missing: none before ECS has had its time. */
export function missingTasks(
  shortfall: Shortfall | undefined,
  { desired, running }: ServiceTasks,
  now: number,
): number {
  return shortfall !== undefined && now - shortfall.since >= SHORTFALL_MILLISECONDS ? desired - running : 0;
}
