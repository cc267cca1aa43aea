// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import type { TerraformVariable } from 'cdktf';
import {
  addInputs,
  choiceInput,
  type Input,
  numberInput,
  structureInput,
  textInput,
  textListInput,
} from '../../../stacks/parts/inputs';
import { asManyAs, wholeNumberWithin } from '../../../stacks/parts/rules';
import { viewModule } from '../../support/stack-view';

/** The `variable` block of an input, as Terraform reads it. */
function blockOf(input: Input<unknown>): unknown {
  return viewModule((stack) => addInputs(stack, { the_input: input })).document.variable?.['the_input'];
}

const description = 'A sentence.';

test('a text without a default has to be given', () => {
  expect(blockOf(textInput({ description }))).toEqual({ type: 'string', description, nullable: false });
});

// What CDKTF makes of a default by itself: it fails on null, and writes the keys of a map in snake case.
test.each<[string, Input<unknown>, unknown]>([
  ['an empty text', textInput({ description, default: '' }), ''],
  ['zero', numberInput({ description, default: 0 }), 0],
  ['an empty list', textListInput({ description, default: [] }), []],
  ['an empty map', structureInput('map(string)', { description, default: {} }), {}],
  ['no value', textListInput({ description, default: null }), null],
  [
    'a map with keys in any case',
    structureInput('map(string)', { description, default: { fooBar: 'a', LOG_LEVEL: 'b', 'nodejs22-x86_64': 'c' } }),
    { fooBar: 'a', LOG_LEVEL: 'b', 'nodejs22-x86_64': 'c' },
  ],
])('a default of %s stays as it is', (_, input, expected) => {
  expect(blockOf(input)).toMatchObject({ default: expected });
});

test('null is a value only where it is the default', () => {
  expect(blockOf(textListInput({ description, default: null }))).toMatchObject({ nullable: true });
  expect(blockOf(textListInput({ description, default: [] }))).toMatchObject({ nullable: false });
});

test('a rule becomes a validation that names the variable and what to give', () => {
  expect(blockOf(numberInput({ description, rules: [wholeNumberWithin({ minimum: 1, maximum: 5 })] }))).toMatchObject({
    validation: [
      {
        condition: '${floor(var.the_input) == var.the_input && var.the_input >= 1 && var.the_input <= 5}',
        error_message: 'the_input is wrong: give a whole number from 1 to 5.',
      },
    ],
  });
});

test('a rule lets null through where null is a value, without asking for its length', () => {
  const rules = [asManyAs({ minimum: 1, maximum: 2 })];

  expect(blockOf(textListInput({ description, default: null, rules }))).toMatchObject({
    validation: [
      {
        condition: '${var.the_input == null ? true : length(var.the_input) >= 1 && length(var.the_input) <= 2}',
        error_message: 'the_input is wrong: give a list of 1 to 2.',
      },
    ],
  });
});

test('a choice takes its values and no other', () => {
  expect(blockOf(choiceInput(['a', 'b'], { description, default: 'a' }))).toMatchObject({
    validation: [
      { condition: '${contains(["a", "b"], var.the_input)}', error_message: 'the_input is wrong: give one of a, b.' },
    ],
  });
});

test('each value reads its own variable', () => {
  const read = jest.fn((variable: TerraformVariable) => variable.friendlyUniqueId);
  viewModule((stack) =>
    addInputs(stack, { one: { ...textInput({ description }), read }, other: { ...textInput({ description }), read } }),
  );

  expect(read.mock.results.map(({ value }) => value)).toEqual(['one', 'other']);
});
