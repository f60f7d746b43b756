import { evaluateExpression } from '../network/expression.ts';
import type { Expression } from '../network/expression.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import type { Blocks } from '../network/tree.ts';
import { expressionText, mayBeFloat, name, number } from './python-expression.ts';
import { pythonFloat } from './python-words.ts';

/** Sizes of a shape as Python would write them; null where it is not known how. */
export type SizeNames = readonly (Expression | null)[];

/** One of the modules that a piece of code makes: in which instance of the class it lies. */
export interface Sample {
  readonly instance: number;
  readonly resolved: ResolvedNode;
}

/** An argument for what PyTorch wants to be told and we infer. */
export interface InferredArgument {
  readonly name: string;
  /** Which size of the input it is; null for any other. */
  readonly dimension: number | null;
}

/** A Block as a Python class. */
export interface PythonClass {
  readonly name: string;
  readonly text: string;
  readonly inferred: readonly InferredArgument[];
  /** What the sizes of its input are called in `output`. */
  readonly input: SizeNames;
  /** Python's names of the Block's parameters. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Sizes of the output, over the names of the arguments. */
  readonly output: SizeNames;
  /** Values of all arguments, for each instance by what it is resolved to. */
  readonly values: ReadonlyMap<ResolvedNode, ReadonlyMap<string, number>>;
}

/** Thrown where one code cannot make all instances of a Block: its modules are then written where it is used. */
export class Inexpressible extends Error {}

/** The class that is being written: what its arguments are in each of its instances. */
export class ClassScope {
  readonly blocks: Blocks;
  readonly classes: ReadonlyMap<string, PythonClass>;
  readonly scopes: readonly Map<string, number>[];
  readonly #taken: Set<string>;
  #inferred: readonly InferredArgument[] = [];

  constructor(
    blocks: Blocks,
    classes: ReadonlyMap<string, PythonClass>,
    scopes: readonly ReadonlyMap<string, number>[],
  ) {
    this.blocks = blocks;
    this.classes = classes;
    this.scopes = scopes.map((scope) => new Map(scope));
    this.#taken = new Set([...classes.values()].map((written) => written.name));
    for (const argument of scopes[0]?.keys() ?? []) this.#taken.add(argument);
  }

  get inferred(): readonly InferredArgument[] {
    return this.#inferred;
  }

  /** Another argument, with its value in each instance. */
  addArgument(wanted: string, dimension: number | null, values: readonly number[]): Expression {
    let free = wanted;
    for (let next = 2; this.#taken.has(free); next++) free = `${wanted}_${next}`;
    this.#taken.add(free);
    this.#inferred = [...this.#inferred, { name: free, dimension }];
    for (const [instance, scope] of this.scopes.entries()) scope.set(free, values[instance]!);
    return name(free);
  }

  /** The first code that can be written; arguments that a failed one wanted are forgotten. */
  firstOf<Result>(...attempts: readonly (() => Result)[]): Result {
    for (const attempt of attempts) {
      const before = this.#inferred;
      try {
        return attempt();
      } catch (error) {
        if (!(error instanceof Inexpressible)) throw error;
        for (const argument of this.#inferred.slice(before.length)) this.#forget(argument.name);
        this.#inferred = before;
      }
    }
    throw new Inexpressible();
  }

  valueIn(instance: number, expression: Expression): number {
    return evaluateExpression(expression, this.scopes[instance]!);
  }

  /** What gives `values`, one a sample: one of `likely`, a number, an argument that there is, or one more called `wanted`. */
  expressionFor(
    samples: readonly Sample[],
    values: readonly number[],
    likely: Expression | null | undefined,
    wanted: string,
  ): Expression {
    const fits = (expression: Expression) =>
      samples.every(({ instance }, index) => this.valueIn(instance, expression) === values[index]);
    if (likely && fits(likely)) return likely;
    if (values.every((value) => value === values[0])) return number(values[0]!);
    const known = [...(this.scopes[0]?.keys() ?? [])].map(name).find(fits);
    if (known !== undefined) return known;
    const each = this.scopes.map((_, instance) => {
      const ofThis = values.filter((_value, index) => samples[index]!.instance === instance);
      if (ofThis.length === 0 || ofThis.some((value) => value !== ofThis[0])) throw new Inexpressible();
      return ofThis[0]!;
    });
    return this.addArgument(wanted, null, each);
  }

  /** For an argument of PyTorch's that must be an int. */
  integerText(expression: Expression): string {
    const text = expressionText(expression);
    return mayBeFloat(expression, (word) => this.#isFloat(word)) ? `int(${text})` : text;
  }

  /** For an argument of PyTorch's that is a float, and printed as one. */
  floatText(expression: Expression): string {
    if (expression.kind === 'number') return pythonFloat(expression.value);
    const text = expressionText(expression);
    const isSure = this.scopes.every((_, instance) => !Number.isInteger(this.valueIn(instance, expression)));
    return isSure ? text : `float(${text})`;
  }

  /** For an argument of one of our classes: an int where it always is whole. */
  numberText(expression: Expression): string {
    const isWhole = this.scopes.every((_, instance) => Number.isInteger(this.valueIn(instance, expression)));
    return isWhole ? this.integerText(expression) : expressionText(expression);
  }

  #forget(argument: string): void {
    this.#taken.delete(argument);
    for (const scope of this.scopes) scope.delete(argument);
  }

  #isFloat(word: string): boolean {
    return this.scopes.some((scope) => !Number.isInteger(scope.get(word)));
  }
}
