import { parseTerraformMessage } from '../../local/terraform-messages';

describe('a line of Terraform', () => {
  test.each([
    ['a finished resource', { type: 'apply_complete', '@message': 'x: Creation complete after 1s' }],
    ['a resource still at work', { type: 'apply_progress', '@message': 'x: Still creating... [10s elapsed]' }],
    ['the sum of the changes', { type: 'change_summary', '@message': 'Apply complete! 1 added.' }],
  ])('%s is progress', (_, message) => {
    expect(parseTerraformMessage(JSON.stringify(message))).toEqual({ kind: 'progress', text: message['@message'] });
  });

  test('an error diagnostic is an error with its detail', () => {
    const line = JSON.stringify({
      '@level': 'error',
      '@message': 'Error: creating queue',
      type: 'diagnostic',
      diagnostic: { detail: 'AccessDenied: not authorized' },
    });

    expect(parseTerraformMessage(line)).toEqual({
      kind: 'error',
      text: 'Error: creating queue\nAccessDenied: not authorized',
    });
  });

  test.each([
    ['a planned change', JSON.stringify({ type: 'planned_change', '@message': 'x: Plan to create' })],
    ['a warning', JSON.stringify({ type: 'diagnostic', '@level': 'warn', '@message': 'deprecated' })],
    ['an empty line', ''],
  ])('%s is noise', (_, line) => {
    expect(parseTerraformMessage(line)).toEqual({ kind: 'noise' });
  });

  test.each(['panic: runtime error', '[1, 2]', '"text"'])('%s, which is no message, is not lost', (line) => {
    expect(parseTerraformMessage(line)).toEqual({ kind: 'progress', text: line });
  });
});
