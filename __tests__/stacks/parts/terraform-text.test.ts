// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { canonicalJson, literal } from '../../../stacks/parts/terraform-text';

test.each([
  ['a text', 'report', '"report"'],
  ['quotes and backslashes', '^"\\*$', '"^\\"\\\\*$"'],
  ['what begins a template', '${a} %{b} $c', '"$${a} %%{b} $c"'],
  ['a number', 0, '0'],
  ['no value', null, 'null'],
  ['a list', ['a', 1, false], '["a", 1, false]'],
])('%s is a literal of HCL', (_, value, text) => {
  expect(literal(value)).toBe(text);
});

test('a document is the same text whatever the order of its keys, and lists keep theirs', () => {
  const one = canonicalJson({ b: [{ d: 1, c: null }, 2], a: '', B: false });

  expect(one).toBe(canonicalJson({ B: false, a: '', b: [{ c: null, d: 1 }, 2] }));
  expect(one).toBe(
    '{\n  "B": false,\n  "a": "",\n  "b": [\n    {\n      "c": null,\n      "d": 1\n    },\n    2\n  ]\n}\n',
  );
});
