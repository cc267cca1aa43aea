import path from 'node:path';
import { committedModules } from '../../stacks/committed-modules';
import { MODULE_DEFINITIONS } from '../../stacks/module-catalogue';
import { readModule } from '../support/generated-module';
import { unknownAttributes } from '../support/provider-attributes';

// Provider 5.100 has its say in __tests__/e2e/once/terraform-modules.test.ts, where `terraform validate` loads it, and
// 6.66 in cdktn.test.ts beside that: together they refuse whatever is not in both majors.
const BINDINGS_OF_6_25 = path.resolve(__dirname, '../../node_modules/@cdktf/provider-aws/lib');

const generated = committedModules();

test.each(MODULE_DEFINITIONS.map(({ name }) => name))('%s sets nothing that provider 6.25 does not know', (name) => {
  expect(unknownAttributes(readModule(generated, name), BINDINGS_OF_6_25)).toEqual([]);
});

test('an attribute that only an override wrote is found, in a dynamic block too', () => {
  const { document, ...others } = readModule(generated, 'cluster');
  const resource = {
    aws_sqs_queue: {
      queue: { name: 'a', visibilty_timeout_seconds: 5, tags: { Any: 'key' } },
    },
    aws_ecs_service: {
      service: { name: 'a', dynamic: { network_configuration: { content: { subnets: [], subnet: [] } } } },
    },
  };

  expect(unknownAttributes({ ...others, document: { ...document, data: {}, resource } }, BINDINGS_OF_6_25)).toEqual([
    'aws_sqs_queue.queue.visibilty_timeout_seconds',
    'aws_ecs_service.service.subnet',
  ]);
});
