import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parse } from 'vue/compiler-sfc';

export type Kind = (typeof kinds)[number];

export const kinds = ['label', 'button', 'help', 'error', 'command help', 'recipe description', 'text'] as const;

/** What users read, with the place of it in the sources. An expression within it is written `{…}`. */
export interface UserString {
  readonly kind: Kind;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

type Found = Omit<UserString, 'file'>;
/** What is asked of a node of a template, whichever it is. */
interface TemplateNode {
  readonly type: number;
  readonly loc: { readonly start: { readonly line: number } };
  readonly name?: string;
  readonly tag?: string;
  readonly props?: readonly TemplateNode[];
  readonly children?: readonly TemplateNode[];
  /** Of a text; of an interpolation the node of its expression; of an expression its source. */
  readonly content?: string | TemplateNode;
  readonly value?: TemplateNode;
  readonly arg?: TemplateNode;
  readonly exp?: TemplateNode;
}

/** Properties, attributes and functions whose text users read, whatever it looks like. */
const kindsOfNames: Readonly<Record<string, Kind>> = {
  ...kindOfEach('label', 'label title heading placeholder aria-label ariaLabel aria-roledescription alt short unit'),
  ...kindOfEach('help', 'help integer number boolean choice sizes padding kernel stride dilation purpose'),
  ...kindOfEach(
    'error',
    'message advice refuse refusal fail failure damaged FailureError InvalidArgumentError SetupError',
  ),
  ...kindOfEach('command help', 'description command option requiredOption Option rateOption'),
};

/** Text that is written for other programs, where only refusals are for users. */
const generatedSources = /^core\/(?:code|export\/(?:torchscript|onnx|python)|escape-xml)/;

const notProse =
  /\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|PRAGMA|COLLATE|ORDER BY|WHERE|BEGIN|IS NULL|DESC)\b|<svg|color-mix|prefers-|[;{] *\n/;

/** As @vue/compiler-core numbers them. */
const nodeTypes = { element: 1, text: 2, interpolation: 5, attribute: 6, directive: 7 };

/** Every string that users read: of TypeScript, templates, C++ and recipes. */
export async function userStrings(root: string): Promise<UserString[]> {
  const files = globSync(
    ['{core,main,preload,renderer}/**/*.{ts,vue}', 'native/src/**/*.{cpp,h}', 'resources/recipes/*.json'],
    {
      cwd: root,
    },
  );
  const found = files.sort().map(async (file) => {
    const source = await readFile(path.join(root, file), 'utf8');
    return stringsOf(file, source).map((string) => ({ ...string, file }));
  });
  return (await Promise.all(found)).flat();
}

export function stringsOf(file: string, source: string): Found[] {
  if (file.endsWith('.json')) return ofRecipe(source);
  if (/\.(?:cpp|h)$/.test(file)) return ofEngine(source);
  const found = file.endsWith('.vue') ? ofComponent(source) : ofScript(source, 0);
  const isOfCommandLine = file === 'main/cli/program.ts';
  return found
    .filter(({ kind }) => isOfCommandLine || kind !== 'command help')
    .filter(({ kind }) => kind === 'error' || !generatedSources.test(file))
    .filter(({ kind, text }) => (kind !== 'error' && kind !== 'help') || /[ .]/.test(text));
}

function ofRecipe(source: string): Found[] {
  return source.split('\n').flatMap((line, index) => {
    const [, written] = /"(?:description|reported)": ("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
    return written === undefined
      ? []
      : [{ kind: 'recipe description', line: index + 1, text: JSON.parse(written) as string }];
  });
}

/** Messages of failures: their string literals, with what stands between them as `{…}`. */
function ofEngine(source: string): Found[] {
  return [
    ...source.matchAll(/\b(?:EngineFailure|refuse|fail|damaged|invalid_argument|runtime_error)\(([^;]*);/g),
  ].flatMap((call) => {
    const literals = [...call[1]!.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, literal]) => literal!);
    const words = literals.filter((literal) => /[ .,:]/.test(literal)).join('{…}');
    const line = source.slice(0, call.index).split('\n').length;
    return isProse(words) ? [{ kind: 'error' as const, line, text: words }] : [];
  });
}

function ofComponent(source: string): Found[] {
  const { script, scriptSetup, template } = parse(source).descriptor;
  const scripts = [script, scriptSetup].flatMap((block) =>
    block ? ofScript(block.content, block.loc.start.line - 1) : [],
  );
  const nodes = (template?.ast?.children ?? []) as unknown as readonly TemplateNode[];
  return [...scripts, ...nodes.flatMap((node) => ofTemplate(node, 'text'))];
}

function ofTemplate({ type, loc, tag = '', props = [], children = [], content }: TemplateNode, kind: Kind): Found[] {
  const { line } = loc.start;
  if (type === nodeTypes.text) {
    const words = tidy(content as string);
    return isWord(words) ? [{ kind, line, text: words }] : [];
  }
  if (type === nodeTypes.interpolation) return ofExpression(content as TemplateNode, kind);
  const within = tag === 'button' ? 'button' : /^(?:h\d|label|th|dt|legend|summary)$/.test(tag) ? 'label' : kind;
  return [...props.flatMap(ofAttribute), ...children.flatMap((child) => ofTemplate(child, within))];
}

function ofAttribute({ type, loc, name = '', value, arg, exp }: TemplateNode): Found[] {
  if (type === nodeTypes.directive) {
    const bound = typeof arg?.content === 'string' ? arg.content : '';
    return exp === undefined || /^(?:class|style)$/.test(bound) ? [] : ofExpression(exp, kindsOfNames[bound]);
  }
  const words = typeof value?.content === 'string' ? tidy(value.content) : '';
  const kind = kindsOfNames[name] ?? (name !== 'class' && isProse(words) ? 'text' : undefined);
  return kind === undefined ? [] : [{ kind, line: loc.start.line, text: words }];
}

function ofExpression({ content, loc }: TemplateNode, kind: Kind | undefined): Found[] {
  return typeof content === 'string' ? ofScript(`(${content})`, loc.start.line - 1, kind) : [];
}

function ofScript(source: string, linesBefore: number, outer?: Kind): Found[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isLiteralTypeNode(node)) return;
    const words = isPartOfSentence(node) || isCompared(node) ? undefined : sentenceOf(node);
    const kind = kindOf(node) ?? outer;
    if (words !== undefined && (kind === undefined ? isProse(words) : isWord(words))) {
      const line = linesBefore + file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ kind: kind ?? 'text', line, text: tidy(words) });
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return found;
}

/** The text of a literal or of literals that are joined by `+`. */
function sentenceOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => `{…}${literal.text}`).join('');
  }
  if (!isSum(node)) return undefined;
  const [left, right] = [sentenceOf(node.left), sentenceOf(node.right)];
  return left === undefined && right === undefined ? undefined : `${left ?? '{…}'}${right ?? '{…}'}`;
}

function isSum(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
}

function isPartOfSentence(node: ts.Node): boolean {
  return isSum(node.parent) && (isSum(node) || sentenceOf(node) !== undefined);
}

function isCompared({ parent }: ts.Node): boolean {
  return ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText());
}

/** By the nearest property or call around it. */
function kindOf(node: ts.Node): Kind | undefined {
  for (let outer = node.parent; !ts.isBlock(outer) && !ts.isSourceFile(outer); outer = outer.parent) {
    if (ts.isPropertyAssignment(outer)) return kindsOfNames[nameOf(outer.name)];
    if (!ts.isCallExpression(outer) && !ts.isNewExpression(outer)) continue;
    const callee = outer.expression;
    return kindsOfNames[ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText()];
  }
  return undefined;
}

function nameOf(name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : '';
}

function kindOfEach(kind: Kind, names: string): Readonly<Record<string, Kind>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, kind]));
}

function isWord(words: string): boolean {
  return /\p{L}{2}/u.test(words.replaceAll('{…}', ''));
}

/** Two words in a row, or one that ends a sentence. Not a list of classes, a selector or a query. */
function isProse(words: string): boolean {
  return /(?:^|[\s(“"'])\p{L}[\p{L}’'-]*[,:]? (?:\{…\}|\p{L})/u.test(words) && !notProse.test(words);
}

function tidy(words: string): string {
  return words.replace(/\s+/g, ' ').trim();
}
