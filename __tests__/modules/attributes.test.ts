import path from 'node:path';
import { committedModules } from '../../stacks/committed-modules';
import { MODULE_DEFINITIONS } from '../../stacks/module-catalogue';
import { readModule } from '../support/generated-module';
import { unknownAttributes, unknownReferences } from '../support/provider-attributes';

// Provider 5.100 has its say in __tests__/e2e/once/terraform-modules.test.ts, where `terraform validate` loads it, and
// 6.66 in cdktn.test.ts beside that: together they refuse whatever is not in both majors.
const BINDINGS_OF_6_25 = path.resolve(__dirname, '../../node_modules/@cdktf/provider-aws/lib');

const generated = committedModules();

test.each(MODULE_DEFINITIONS.map(({ name }) => name))(
  '%s sets and reads nothing that provider 6.25 does not know',
  (name) => {
    const module = readModule(generated, name);

    expect(unknownAttributes(module, BINDINGS_OF_6_25)).toEqual([]);
    expect(unknownReferences(module, BINDINGS_OF_6_25)).toEqual([]);
  },
);

test('an attribute that only an override wrote is found, in a dynamic block too, and one that stands in the wrong block', () => {
  const { document, ...others } = readModule(generated, 'cluster');
  const resource = {
    aws_sqs_queue: {
      queue: { name: 'a', visibilty_timeout_seconds: 5, tags: { Any: 'key' } },
    },
    aws_ecs_service: {
      dynamic: { name: 'a', dynamic: { network_configuration: { content: { subnets: [], subnet: [] } } } },
      misplaced: { name: 'a', subnets: [], load_balancer: [{ container_name: 'a' }, { cluster: 'b' }] },
    },
  };

  expect(unknownAttributes({ ...others, document: { ...document, data: {}, resource } }, BINDINGS_OF_6_25)).toEqual([
    'aws_sqs_queue.queue.visibilty_timeout_seconds',
    'aws_ecs_service.dynamic.network_configuration.subnet',
    'aws_ecs_service.misplaced.subnets',
    'aws_ecs_service.misplaced.load_balancer.cluster',
  ]);
});

test('an attribute that only an expression reads is found, of one of many and of a data source too', () => {
  const { document, ...others } = readModule(generated, 'cluster');
  const locals = {
    known: `\${aws_sqs_queue.a.arn}\${data.aws_region.b.id}\${aws_ecr_repository.c["d"].repository_url}`,
    unknown: `\${aws_sqs_queue.a.arns}\${data.aws_region.b.regions}\${aws_ecr_repository.c[*].scan_on_push}`,
  };

  expect(
    unknownReferences(
      { ...others, document: { ...document, data: {}, locals, output: {}, resource: {} } },
      BINDINGS_OF_6_25,
    ),
  ).toEqual(['aws_sqs_queue.arns', 'data.aws_region.regions', 'aws_ecr_repository.scan_on_push']);
});
