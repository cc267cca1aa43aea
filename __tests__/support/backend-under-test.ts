import { BACKENDS, type BackendChoice } from '../../local/start-options';

/** What ECS tasks are in this run of the end-to-end tests: `npm test` runs them once with each. @default 'processes' */
export function backendUnderTest(): BackendChoice {
  const asked = process.env['OVERTIME_LOCAL_BACKEND'] ?? 'processes';
  const known = BACKENDS.find((backend) => backend === asked);
  if (known === undefined) {
    throw new Error(`OVERTIME_LOCAL_BACKEND is "${asked}": give one of ${BACKENDS.join(', ')}.`);
  }
  return known;
}
