import { parseSettings } from '../../../handlers/starter/settings';
import { STARTER_ENVIRONMENT } from '../../support/starter/environment';
import { failureOf, SETTINGS } from '../../support/starter/examples';

describe("the starter's settings", () => {
  test('are what the module sets', () => {
    expect(parseSettings(STARTER_ENVIRONMENT)).toEqual(SETTINGS);
  });

  test('may be without a bucket and security groups', () => {
    const environment = { ...STARTER_ENVIRONMENT, OVERTIME_PAYLOAD_BUCKET: '', OVERTIME_SECURITY_GROUPS: undefined };

    expect(parseSettings(environment)).toEqual({ ...SETTINGS, payloadBucket: undefined, securityGroups: [] });
  });

  test('may let failed invocations overflow, and start runs for events', () => {
    const environment = {
      ...STARTER_ENVIRONMENT,
      OVERTIME_OVERFLOW_CAUSES: 'timeout, memory',
      OVERTIME_EVENT_REQUESTS: '{"arn:aws:s3:::my-bucket":{"arn":"resize"}}',
    };

    expect(parseSettings(environment)).toEqual({
      ...SETTINGS,
      overflowCauses: ['timeout', 'memory'],
      eventRequests: new Map([['arn:aws:s3:::my-bucket', { arn: 'resize' }]]),
    });
  });

  test('let at least as many launches burst as a second allows', () => {
    const environment = { ...STARTER_ENVIRONMENT, OVERTIME_LAUNCH_BURST: '1', OVERTIME_LAUNCHES_PER_SECOND: '50' };

    expect(parseSettings(environment).launchLimits).toEqual({ burst: 50, launchesPerSecond: 50 });
  });

  test('allow no destinations where none are listed', () => {
    expect(parseSettings({ ...STARTER_ENVIRONMENT, OVERTIME_DESTINATION_ARNS: '' }).destinationArns).toEqual([]);
  });

  test.each([
    ['OVERTIME_CLUSTER', '', /^OVERTIME_CLUSTER is not set\./],
    ['OVERTIME_SUBNETS', ' , ', /^OVERTIME_SUBNETS names nothing: give at least one/],
    ['OVERTIME_ASSIGN_PUBLIC_IP', 'true', /^OVERTIME_ASSIGN_PUBLIC_IP is "true": give ENABLED or DISABLED\.$/],
    ['OVERTIME_TASK_DEFINITIONS', '[{', /^OVERTIME_TASK_DEFINITIONS is wrong \(.*\): give a JSON list such as/],
    [
      'OVERTIME_TASK_DEFINITIONS',
      '[{"family":"f"}]',
      /^OVERTIME_TASK_DEFINITIONS is wrong \(.*runtime.*\): give a JSON list/,
    ],
    [
      'OVERTIME_CONTAINER_TASK_DEFINITIONS',
      'report',
      /^OVERTIME_CONTAINER_TASK_DEFINITIONS is wrong \(.*\): give a JSON list such as \["report-\*"\]\.$/,
    ],
    ['OVERTIME_LAUNCH_QUEUE_URL', '', /^OVERTIME_LAUNCH_QUEUE_URL is not set\./],
    ['OVERTIME_WATCHER_FUNCTION', '', /^OVERTIME_WATCHER_FUNCTION is not set\./],
    ['OVERTIME_EVENT_REQUESTS', '[]', /^OVERTIME_EVENT_REQUESTS is wrong \(.*\): give a JSON object such as/],
    [
      'OVERTIME_OVERFLOW_CAUSES',
      'timeout,oom',
      /^OVERTIME_OVERFLOW_CAUSES has "oom": give some of timeout, memory, with commas between them, or nothing\.$/,
    ],
    [
      'OVERTIME_TIMEOUT_SECONDS',
      '1209601',
      /^OVERTIME_TIMEOUT_SECONDS is "1209601": give a whole number from 1 to 1209600\.$/,
    ],
    [
      'OVERTIME_RUN_RETENTION_DAYS',
      '86400',
      /^OVERTIME_RUN_RETENTION_DAYS is "86400": give a whole number from 1 to 3650\.$/,
    ],
    ['OVERTIME_LAUNCH_QUEUE_URL', '', /^OVERTIME_LAUNCH_QUEUE_URL is not set\./],
    ['OVERTIME_WATCHER_FUNCTION', '', /^OVERTIME_WATCHER_FUNCTION is not set\./],
    ['OVERTIME_LAUNCH_BURST', '0', /^OVERTIME_LAUNCH_BURST is "0": give a whole number from 1 to 10000\.$/],
    [
      'OVERTIME_LAUNCHES_PER_SECOND',
      '0.5',
      /^OVERTIME_LAUNCHES_PER_SECOND is "0.5": give a whole number from 1 to 1000\.$/,
    ],
    ['OVERTIME_DESTINATION_ARNS', '[1]', /^OVERTIME_DESTINATION_ARNS is wrong \(.*\): give a JSON list such as \["arn/],
    [
      'OVERTIME_DESTINATION_ARNS',
      'arn:aws:s3:::results',
      /^OVERTIME_DESTINATION_ARNS is wrong \(.*\): give a JSON list/,
    ],
  ])('fail for %s = "%s"', async (name, value, message) => {
    const failure = await failureOf(() => parseSettings({ ...STARTER_ENVIRONMENT, [name]: value }));

    expect(failure.name).toBe('INVALID_SETTING');
    expect(failure.message).toMatch(message);
  });
});
