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
      expect({ unread, isRead: passed > 150 }).toEqual({ unread: 0, isRead: true });
    });

    test('sees what a module makes: a bucket that the public may read is found', () => {
      const resource = { aws_s3_bucket: { open: { acl: 'public-read' } } };
      const open = { 'open/main.tf.json': new TextEncoder().encode(JSON.stringify({ resource })) };

      const { findings } = runCheckov('missing' in provided ? '' : provided.python, open);

      expect(findings).toContainEqual({ rule: 'CKV_AWS_20', at: 'open: aws_s3_bucket.open' });
    });
  },
);
