import { literal } from './terraform-text';

/**
 * A text of HCL's with expressions of HCL's in it, for texts that Terraform puts together, as it alone knows the values.
 * Between the expressions everything means itself, line breaks too.
 */
export function hclText(parts: TemplateStringsArray, ...expressions: readonly string[]): string {
  const texts = parts.map((part, index) => {
    const expression = expressions[index];
    return `${literal(part).slice(1, -1)}${expression === undefined ? '' : `\${${expression}}`}`;
  });
  return `"${texts.join('')}"`;
}

/** An expression for the text of another in which each of some texts is replaced, in order. */
export function replaced(value: string, ...pairs: readonly (readonly [from: string, to: string])[]): string {
  return pairs.reduce((inner, [from, to]) => `replace(${inner}, ${literal(from)}, ${literal(to)})`, value);
}

/** An expression that joins one text for each item of a list. */
export function joined(separator: string, list: string, item: string, text: string): string {
  return `join(${literal(separator)}, [for ${item} in ${list} : ${text}])`;
}
