/** A value that JSON can hold, and Terraform too. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * A known value as an HCL expression on one line. HCL's literals are JSON's, but that `${` and `%{` begin a template in a
 * text: https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function literal(value: Json): string {
  if (Array.isArray(value)) {
    return `[${value.map(literal).join(', ')}]`;
  }
  return plainText(JSON.stringify(value));
}

/** An expression of Terraform's, for a place where CDKTF has no function for it. No token may stand in it. */
export function expression(hcl: string): string {
  return `\${${hcl}}`;
}

/** A text that means itself, whatever stands in it. */
export function plainText(text: string): string {
  return text.replaceAll(/[$%]\{/g, (begin) => `${begin[0]}${begin}`);
}

/** A prop's name as a variable's: ephemeralStorageGiB is ephemeral_storage_gib. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[GM]iB|[A-Z]/g, (part) => `_${part.toLowerCase()}`);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortKeys);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
  }
  return value;
}

/** A document without tokens as text, the same for the same content whatever the order of its keys. */
export function canonicalJson(document: unknown): string {
  return `${JSON.stringify(sortKeys(document), undefined, 2)}\n`;
}
