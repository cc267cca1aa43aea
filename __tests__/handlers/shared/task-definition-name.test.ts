import fc from 'fast-check';
import { familyArn, parseTaskDefinitionName } from '../../../handlers/shared/task-definition-name';

const ARN = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/report';

describe('the name of a task definition', () => {
  test.each([
    ['a family', 'report', { family: 'report' }],
    ['a family and revision', 'report:12', { family: 'report', revision: '12' }],
    [
      'an ARN',
      `${ARN}:12`,
      { partition: 'aws', region: 'eu-west-1', account: '123456789012', family: 'report', revision: '12' },
    ],
    [
      'an ARN in another partition, without a revision',
      'arn:aws-us-gov:ecs:us-gov-west-1:123456789012:task-definition/report',
      { partition: 'aws-us-gov', region: 'us-gov-west-1', account: '123456789012', family: 'report' },
    ],
    ['a revision that is none', 'report:0', undefined],
    ['a family with a slash', 'my/report', undefined],
    ["a cluster's ARN", 'arn:aws:ecs:eu-west-1:123456789012:cluster/report', undefined],
    ['nothing', '', undefined],
  ])('%s', (_, text, parts) => {
    expect(parseTaskDefinitionName(text)).toEqual(parts);
  });

  test('every revision of a family has the same ARN without it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9_-]{1,255}$/), fc.integer({ min: 1 }), (family, revision) => {
        const arn = `arn:aws:ecs:eu-west-1:123456789012:task-definition/${family}`;

        expect(familyArn(`${arn}:${revision}`)).toBe(arn);
        expect(parseTaskDefinitionName(`${arn}:${revision}`)).toMatchObject({ family, revision: String(revision) });
      }),
    );
  });
});
