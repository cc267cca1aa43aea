import { launchInput } from '../../../handlers/watcher/launch-input';

test.each([
  ['as it is', '{"input":{"inline":{"a":1}},"subnets":[]}', { inline: { a: 1 } }],
  ['as an object', '{"input":{"s3":{"bucket":"b","key":"k"}}}', { s3: { bucket: 'b', key: 'k' } }],
  ['of a container run', '{"kind":"container","input":{"inline":1}}', { inline: 1 }],
  ['of a container run that has none', '{"kind":"container"}', { inline: null }],
  ['not at all', '{}', undefined],
  ['in a text that is no JSON', 'x', undefined],
  ['in a row without a launch', undefined, undefined],
])('the input %s', (_, launch, input) => {
  expect(launchInput({ launch })).toEqual(input);
});
