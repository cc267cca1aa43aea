import * as limits from './limits';

/** As ECS has it: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html */
interface CapacityProvider {
  readonly capacityProvider: string;
  readonly weight?: number;
  readonly base?: number;
}

/** What a task runs on: Fargate, Fargate Spot, the cluster's container instances, or a strategy over its providers. */
export type Capacity = 'FARGATE' | 'FARGATE_SPOT' | 'EC2' | readonly CapacityProvider[];

/** Where one try puts the task. */
export interface Place {
  readonly capacity: Capacity;
  readonly subnets: readonly string[];
}

const FARGATE_PROVIDERS = ['FARGATE', 'FARGATE_SPOT'];

/** aws, ecs and fargate may not begin the name of a provider; the two of Fargate are AWS's own. */
const PROVIDER_NAME = /^[a-zA-Z0-9_-]{1,255}$/;

const PROVIDER_KEYS = ['capacityProvider', 'weight', 'base'];

function isWithin(value: unknown, bounds: limits.Bounds): boolean {
  return (
    value === undefined || (Number.isInteger(value) && Number(value) >= bounds.least && Number(value) <= bounds.most)
  );
}

function isProvider(value: unknown): value is CapacityProvider {
  if (typeof value !== 'object' || value === null || Object.keys(value).some((key) => !PROVIDER_KEYS.includes(key))) {
    return false;
  }
  const { capacityProvider, weight, base }: Partial<Record<keyof CapacityProvider, unknown>> = value;
  return (
    typeof capacityProvider === 'string' &&
    PROVIDER_NAME.test(capacityProvider) &&
    isWithin(weight, limits.CAPACITY_WEIGHT) &&
    isWithin(base, limits.CAPACITY_BASE)
  );
}

const isFargateProvider = ({ capacityProvider }: CapacityProvider) => FARGATE_PROVIDERS.includes(capacityProvider);

/** A strategy that ECS takes: one with a weight, at most one with a base, and not both Fargate and instances. */
function isStrategy(value: unknown): value is readonly CapacityProvider[] {
  if (!Array.isArray(value) || !value.every(isProvider)) {
    return false;
  }
  const names = value.map((one) => one.capacityProvider);
  const fargate = value.filter(isFargateProvider).length;
  return (
    value.length >= limits.CAPACITY_PROVIDERS.least &&
    value.length <= limits.CAPACITY_PROVIDERS.most &&
    new Set(names).size === names.length &&
    value.some(({ weight = 0 }) => weight > 0) &&
    value.filter(({ base = 0 }) => base > 0).length <= 1 &&
    (fargate === 0 || fargate === value.length)
  );
}

export function isCapacity(value: unknown): value is Capacity {
  return value === 'FARGATE' || value === 'FARGATE_SPOT' || value === 'EC2' || isStrategy(value);
}

/** Whether a task on it is Fargate's; a strategy may name the cluster's own providers. */
export function isFargate(capacity: Capacity): boolean {
  return typeof capacity === 'string' ? capacity !== 'EC2' : capacity.every(isFargateProvider);
}

/** Each subnet alone, as capacity is had by Availability Zone; but first all at once, as ECS knows best. */
function placesOf(capacity: Capacity, subnets: readonly string[], firstAlone: number): readonly Place[] {
  const alone = subnets.map((_, index) => subnets[(firstAlone + index) % subnets.length] ?? '');
  return [
    { capacity, subnets },
    ...(subnets.length === 1 ? [] : alone.map((subnet) => ({ capacity, subnets: [subnet] }))),
  ];
}

export interface PlaceOptions {
  readonly capacity: Capacity;
  /** Where `capacity` has no room. */
  readonly capacityFallback?: 'FARGATE';
  readonly subnets: readonly string[];
  /** Spreads the runs over the subnets, so that not all try the same one second. */
  readonly seed: number;
}

function allPlaces({ capacity, capacityFallback, subnets, seed }: PlaceOptions): readonly Place[] {
  return [
    ...placesOf(capacity, subnets, seed),
    ...(capacityFallback === undefined ? [] : placesOf(capacityFallback, subnets, seed)),
  ];
}

/** After so many tries each place had its turn. */
export function placeCount(options: PlaceOptions): number {
  return allPlaces(options).length;
}

/**
 * The place of the nth try, counted from 0: all subnets, then each alone; then the same on the fallback; then from the
 * start again. The same number gives the same place, so that a start that was cut off goes on under the same client
 * token with the same parameters.
 * Source: https://repost.aws/knowledge-center/ecs-fargate-runtask-capacity
 */
export function placeOf(options: PlaceOptions, variant: number): Place {
  const places = allPlaces(options);
  return places[variant % places.length] ?? { capacity: options.capacity, subnets: options.subnets };
}
