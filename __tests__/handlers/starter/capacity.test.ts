import { placeOf } from '../../../handlers/starter/capacity';

const SUBNETS = ['subnet-a', 'subnet-b', 'subnet-c'];

const places = (options: Partial<Parameters<typeof placeOf>[0]>, count: number) =>
  Array.from({ length: count }, (_, variant) => {
    const { capacity, subnets } = placeOf({ capacity: 'FARGATE', subnets: SUBNETS, seed: 0, ...options }, variant);
    return `${JSON.stringify(capacity)} in ${subnets.join(' ')}`;
  });

describe('the places of a task', () => {
  test('are all subnets, then each alone, as capacity is had by Availability Zone, then all again', () => {
    expect(places({}, 5)).toEqual([
      '"FARGATE" in subnet-a subnet-b subnet-c',
      '"FARGATE" in subnet-a',
      '"FARGATE" in subnet-b',
      '"FARGATE" in subnet-c',
      '"FARGATE" in subnet-a subnet-b subnet-c',
    ]);
  });

  test('begin with another subnet for another run', () => {
    expect(places({ seed: 5 }, 4).slice(1)).toEqual([
      '"FARGATE" in subnet-c',
      '"FARGATE" in subnet-a',
      '"FARGATE" in subnet-b',
    ]);
  });

  test('go from Spot to Fargate where the request allows it, and back', () => {
    expect(places({ capacity: 'FARGATE_SPOT', capacityFallback: 'FARGATE', subnets: SUBNETS.slice(0, 2) }, 7)).toEqual([
      '"FARGATE_SPOT" in subnet-a subnet-b',
      '"FARGATE_SPOT" in subnet-a',
      '"FARGATE_SPOT" in subnet-b',
      '"FARGATE" in subnet-a subnet-b',
      '"FARGATE" in subnet-a',
      '"FARGATE" in subnet-b',
      '"FARGATE_SPOT" in subnet-a subnet-b',
    ]);
  });

  test('stay on Spot where it does not', () => {
    expect(places({ capacity: 'FARGATE_SPOT', subnets: ['subnet-a'] }, 3)).toEqual(
      Array(3).fill('"FARGATE_SPOT" in subnet-a'),
    );
  });
});
