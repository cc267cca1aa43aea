import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { FARGATE_EPHEMERAL_STORAGE_GIB, snapToFargateSize } from '../../stacks/parts/fargate-sizes';
import { type Capacity, isFargate } from './capacity';
import { placementProblems } from './request';
import type { ContainerRequest } from './start-request';

/** What a task definition makes of a request for its container. */
export type ContainerTask =
  | {
      readonly kind: 'task';
      readonly containerName: string;
      readonly capacity: Capacity;
      /** False where its tasks have the network of the instance: then they take no subnets. */
      readonly hasOwnNetwork: boolean;
      readonly size: { readonly cpu?: number; readonly memoryMiB?: number };
      readonly storageGiB: number | undefined;
    }
  | { readonly kind: 'no-container'; readonly names: readonly string[] }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'mismatch'; readonly problems: readonly string[] };

/** Bridge is Docker's own mode, which a task definition that names none has: the API then answers none. */
const DEFAULT_NETWORK_MODE = 'bridge';

const OWN_NETWORK_MODE = 'awsvpc';

/**
 * What its tasks may run on: what it was registered for, else what ECS found that it fits.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
 */
function launchTypes({ requiresCompatibilities = [], compatibilities = [] }: TaskDefinition): readonly string[] {
  return requiresCompatibilities.length > 0 ? requiresCompatibilities : compatibilities;
}

/** The container of that name; without one the first essential one, whose end is the task's. */
function containerOf({ containerDefinitions = [] }: TaskDefinition, named: string | undefined): string | undefined {
  const found =
    named === undefined
      ? // What a definition does not say is true.
        (containerDefinitions.find(({ essential = true }) => essential) ?? containerDefinitions[0])
      : containerDefinitions.find(({ name }) => name === named);
  return found?.name;
}

/** A number that the task definition has as a text; `undefined` where it has none. */
function unitsOf(text: string | undefined): number | undefined {
  const units = Number(text);
  return text === undefined || Number.isNaN(units) ? undefined : units;
}

/** The size that a request asks for over the definition's; nothing where it asks for none. */
function sizeOf({ cpu, memoryMiB }: ContainerRequest, definition: TaskDefinition, mayBeFargate: boolean) {
  if ((cpu === undefined && memoryMiB === undefined) || !mayBeFargate) {
    return { ...(cpu === undefined ? {} : { cpu }), ...(memoryMiB === undefined ? {} : { memoryMiB }) };
  }
  const own = { cpu: unitsOf(definition.cpu), memoryMiB: unitsOf(definition.memory) };
  return snapToFargateSize({ cpu: cpu ?? own.cpu ?? 0, memoryMiB: memoryMiB ?? own.memoryMiB ?? 0 });
}

/** Where the tasks of a definition can run. */
function abilitiesOf(definition: TaskDefinition) {
  const types = launchTypes(definition);
  const { networkMode = DEFAULT_NETWORK_MODE } = definition;
  const hasOwnNetwork = networkMode === OWN_NETWORK_MODE;
  return { types, networkMode, hasOwnNetwork, isForFargate: hasOwnNetwork && types.includes('FARGATE') };
}

/** What the request asks of the task definition that it cannot do. */
function mismatches(
  request: ContainerRequest,
  { types, networkMode, hasOwnNetwork, isForFargate }: ReturnType<typeof abilitiesOf>,
  capacity: Capacity,
): readonly string[] {
  const wantsFargate = isFargate(capacity) || request.capacityFallback !== undefined;
  const named = types.length === 0 ? 'none' : types.join(', ');
  const ofNetwork = (['subnets', 'securityGroups', 'assignPublicIp'] as const).filter(
    (field) => request[field] !== undefined,
  );
  return [
    ...(wantsFargate && !isForFargate
      ? [
          `it does not run on Fargate (its launch types are ${named}, its network mode is ${networkMode}): give ` +
            'capacity "EC2" or leave it out, and leave capacityFallback out',
        ]
      : []),
    ...(capacity === 'EC2' && types.length > 0 && !types.includes('EC2')
      ? [`it does not run on container instances (its launch types are ${named}): leave capacity out`]
      : []),
    ...(!hasOwnNetwork && ofNetwork.length > 0
      ? [`its network mode is ${networkMode}, which takes no ${ofNetwork.join(', ')}: leave them out`]
      : []),
    // Of a capacity that the request itself names it has been checked.
    ...(request.capacity === undefined ? placementProblems(request, capacity) : []),
  ];
}

/** Reads in a task definition which container a request means, and on what its task runs. */
export function containerTask(request: ContainerRequest, definition: TaskDefinition): ContainerTask {
  const containerName = containerOf(definition, request.containerName);
  if (containerName === undefined) {
    return { kind: 'no-container', names: (definition.containerDefinitions ?? []).map(({ name = '' }) => name) };
  }
  const abilities = abilitiesOf(definition);
  const capacity = request.capacity ?? (abilities.isForFargate ? 'FARGATE' : 'EC2');
  const problems = mismatches(request, abilities, capacity);
  if (problems.length > 0) {
    return { kind: 'mismatch', problems };
  }
  const size = sizeOf(request, definition, isFargate(capacity) || request.capacityFallback !== undefined);
  if (size === undefined) {
    return { kind: 'too-large' };
  }
  const { ephemeralStorageGiB = 0 } = request;
  return {
    kind: 'task',
    containerName,
    capacity,
    hasOwnNetwork: abilities.hasOwnNetwork,
    size,
    storageGiB: ephemeralStorageGiB > FARGATE_EPHEMERAL_STORAGE_GIB.included ? ephemeralStorageGiB : undefined,
  };
}
