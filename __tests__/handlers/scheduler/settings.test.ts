import { readSettings } from '../../../handlers/scheduler/settings';

const ENVIRONMENT = {
  OVERTIME_SCHEDULES_TABLE: 'schedules',
  OVERTIME_SCHEDULE_STATES_TABLE: 'states',
  OVERTIME_STARTER_FUNCTION: 'starter',
  OVERTIME_LEDGER_TABLE: 'runs',
  AWS_REGION: 'eu-west-1',
};

test('the settings that a module sets, and the defaults of the others', () => {
  expect(readSettings(ENVIRONMENT)).toEqual({
    schedulesTable: 'schedules',
    statesTable: 'states',
    starterFunction: 'starter',
    ledgerTable: 'runs',
    region: 'eu-west-1',
    healthPort: 8_080,
    stopTimeoutSeconds: 30,
  });
});

test.each(Object.keys(ENVIRONMENT))('%s is needed', (name) => {
  expect(() => readSettings({ ...ENVIRONMENT, [name]: '' })).toThrow(`${name} is not set.`);
});

test.each([
  ['OVERTIME_HEALTH_PORT', '0', 'give a whole number from 1 to 65535'],
  ['OVERTIME_HEALTH_PORT', 'http', 'give a whole number from 1 to 65535'],
  ['OVERTIME_STOP_TIMEOUT_SECONDS', '3601', 'give a whole number from 1 to 3600'],
])('%s of %s is refused', (name, value, allowed) => {
  expect(() => readSettings({ ...ENVIRONMENT, [name]: value })).toThrow(`${name} is "${value}": ${allowed}.`);
});
