import { generateModules } from '../../../stacks/module-writer';
import { CHECKOV_EXCEPTIONS } from '../../../stacks/parts/check-exceptions';
import { provideCheckov, runCheckov } from '../../support/checkov/checkov';
import { compareFindings } from '../../support/findings';

// At first use it installs a hundred distributions of Python.
jest.setTimeout(600_000);

const provided = provideCheckov();

('missing' in provided ? describe.skip : describe)(
  `checkov 3.3.30 on the generated modules${'missing' in provided ? `: ${provided.missing}` : ''}`,
  () => {
    const generated = generateModules();

    test('finds nothing but what has a reason, and every reason is needed', () => {
      const { findings, passed, unread } = runCheckov('missing' in provided ? '' : provided.python, generated);

      expect(compareFindings(findings, CHECKOV_EXCEPTIONS)).toEqual({ unexplained: [], stale: [] });
      expect({ unread, isRead: passed > 250 }).toEqual({ unread: 0, isRead: true });
    });

    test('sees a bucket that the public may read, and one that a module makes for some values alone, beside a dynamic block too', () => {
      const resource = {
        aws_ecs_service: {
          workers: { dynamic: { network_configuration: { for_each: [], content: { subnets: [] } } } },
        },
        aws_s3_bucket: { open: { acl: 'public-read' }, maybe: { count: 0 } },
      };
      const made = { 'some/main.tf.json': new TextEncoder().encode(JSON.stringify({ resource })) };

      const { findings, unread } = runCheckov('missing' in provided ? '' : provided.python, made);

      expect(findings).toContainEqual({ rule: 'CKV_AWS_20', at: 'some: aws_s3_bucket.open' });
      expect(findings).toContainEqual({ rule: 'CKV_AWS_18', at: 'some: aws_s3_bucket.maybe' });
      expect(unread).toBe(0);
    });
  },
);
