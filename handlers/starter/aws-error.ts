/** An error of an SDK client, or of the network below it. */
interface AwsError {
  readonly name: string;
  readonly message: string;
  /** The service refused the call: it did nothing. */
  readonly isClientFault: boolean;
  /** Of ECS's ConflictException: the tasks that have the client token. */
  readonly resourceIds: readonly string[];
}

export function readAwsError(error: unknown): AwsError {
  if (!(error instanceof Error)) {
    return { name: 'UnknownError', message: String(error), isClientFault: false, resourceIds: [] };
  }
  const ids = 'resourceIds' in error && Array.isArray(error.resourceIds) ? error.resourceIds : [];
  return {
    name: error.name,
    message: error.message,
    isClientFault: '$fault' in error && error.$fault === 'client',
    resourceIds: ids.filter((id) => typeof id === 'string'),
  };
}
