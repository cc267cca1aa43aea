import { type IResolvable, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { each, oneOf, type Rule } from './rules';
import type { Json } from './terraform-text';

/** A variable of a generated module, and how the prop that it stands for reads it. */
export interface Input<Value> {
  /** Terraform's type constraint. */
  readonly type: string;
  /** A sentence, with the unit of a number. */
  readonly description: string;
  /** `null`: the variable may be left out and then has no value. `undefined`: it has to be given. */
  readonly default: Json | undefined;
  readonly rules: readonly Rule[];
  /** What the README's example sets the variable to, as an HCL expression: those that are required have one. */
  readonly example: string | undefined;
  readonly read: (variable: TerraformVariable) => Value;
}

export type Inputs = Readonly<Record<string, Input<unknown>>>;

/** What the constructs get: tokens. */
export type Values<Of extends Inputs> = {
  readonly [Name in keyof Of]: Of[Name] extends Input<infer Value> ? Value : never;
};

interface Settings<Default extends Json> {
  readonly description: string;
  readonly default?: Default;
  readonly rules?: readonly Rule[];
  readonly example?: string;
}

function input<Value>(type: string, settings: Settings<Json>, read: Input<Value>['read']): Input<Value> {
  const { description, rules = [], example } = settings;
  return { type, description, default: settings.default, rules, example, read };
}

export function textInput(settings: Settings<string>): Input<string> {
  return input('string', settings, (variable) => variable.stringValue);
}

/** A variable that may be left out and then has no value: CDKTF has no token for what may be null. */
export function orNone<Value>(given: Input<Value>): Input<Value> {
  return { ...given, default: null };
}

export function numberInput(settings: Settings<number>): Input<number> {
  return input('number', settings, (variable) => variable.numberValue);
}

export function booleanInput(settings: Settings<boolean>): Input<IResolvable> {
  return input('bool', settings, (variable) => variable.booleanValue);
}

export function textListInput(settings: Settings<readonly string[] | null>): Input<readonly string[]> {
  return input('list(string)', settings, (variable) => variable.listValue);
}

/** One of a few texts. The cast is the rule's: Terraform lets no other value through. */
export function choiceInput<Choice extends string>(
  choices: readonly Choice[],
  settings: Settings<Choice>,
): Input<Choice> {
  const rules = [oneOf(choices), ...(settings.rules ?? [])];
  return input('string', { ...settings, rules }, (variable) => variable.stringValue as Choice);
}

/** Some of a few texts. */
export function choiceListInput<Choice extends string>(
  choices: readonly Choice[],
  settings: Settings<readonly Choice[]>,
): Input<readonly Choice[]> {
  const rules = [each(oneOf(choices)), ...(settings.rules ?? [])];
  return input('list(string)', { ...settings, rules }, (variable) => variable.listValue as Choice[]);
}

/** A value of a type that CDKTF has no token for: the construct passes it on to Terraform as it is. */
export function structureInput<Value = IResolvable>(type: string, settings: Settings<Json>): Input<Value> {
  return input(type, settings, (variable) => variable.value as Value);
}

/** Terraform variables under exactly these names, as the values that constructs take. */
export function addInputs<Of extends Inputs>(scope: Construct, inputs: Of): Values<Of> {
  const values = Object.entries(inputs).map(([name, one]) => [name, one.read(addInput(scope, name, one))]);
  return Object.fromEntries(values) as Values<Of>;
}

function addInput(scope: Construct, name: string, { type, description, rules, ...others }: Input<unknown>) {
  const isNullable = others.default === null;
  const variable = new TerraformVariable(scope, `input-${name}`, {
    type,
    description,
    nullable: isNullable,
    ...(rules.length === 0 ? {} : { validation: rules.map((rule) => validation(name, isNullable, rule)) }),
  });
  variable.overrideLogicalId(name);
  if (others.default !== undefined) {
    // Not the prop: CDKTF fails on a default of null, and writes the keys of a map in another case.
    variable.addOverride('default', others.default);
  }
  return variable;
}

/** Terraform shows the value itself under the message. */
function validation(name: string, isNullable: boolean, { holds, allowed, ofNull }: Rule) {
  const value = `var.${name}`;
  // Not `||`: before Terraform 1.12 it evaluates its right side even where the left is true, and null has no length.
  const condition = isNullable && ofNull !== true ? `${value} == null ? true : ${holds(value)}` : holds(value);
  return { condition: `\${${condition}}`, errorMessage: `${name} is wrong: give ${allowed}.` };
}
