/**
 * One line of Terraform's machine-readable output, as a person follows it.
 * Source of the shapes: https://developer.hashicorp.com/terraform/internals/machine-readable-ui
 */
export type TerraformMessage =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'noise' };

const FOLLOWED_TYPES: readonly string[] = ['apply_complete', 'apply_progress', 'change_summary'];

export function parseTerraformMessage(line: string): TerraformMessage {
  const message = asRecord(parseJson(line));
  if (message === undefined) {
    // Not JSON: a crash of Terraform or of the provider, which must not be lost.
    return line.trim() === '' ? { kind: 'noise' } : { kind: 'progress', text: line };
  }
  const text = textOf(message['@message']);
  if (message['type'] === 'diagnostic' && message['@level'] === 'error') {
    const diagnostic = asRecord(message['diagnostic']);
    return { kind: 'error', text: [text, textOf(diagnostic?.['detail'])].filter((part) => part !== '').join('\n') };
  }
  return FOLLOWED_TYPES.includes(textOf(message['type'])) ? { kind: 'progress', text } : { kind: 'noise' };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
