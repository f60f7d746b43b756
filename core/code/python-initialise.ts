import type { Options, Written } from '../catalogue/declare.ts';
import { decide, writtenOptions } from '../catalogue/derive/decide.ts';
import { initialiserType } from '../catalogue/initialisers/initialisers.ts';
import { layersOf } from '../network/resolved.ts';
import type { ResolvedLayer, ResolvedNode } from '../network/resolved.ts';
import type { Initialiser } from '../network/tree.ts';
import { laidOut } from './python-layout.ts';
import { pythonFloat, pythonString } from './python-words.ts';

/** Statements of the network's __init__ that fill its parameters by the rules and freeze what is not trained. */
export function initialiseText(network: ResolvedNode): string {
  const layers = [...layersOf(network)];
  const rules = new Map<string, Initialiser>();
  for (const rule of layers.flatMap(({ initialise }) => initialise)) rules.set(keyOf(rule), rule);
  const lines = [...rules].flatMap(([key, rule]) => {
    const filled = layers.filter(({ initialise }) => initialise.some((other) => keyOf(other) === key));
    return fillLines(rule, filled, layers);
  });
  const withParameters = layers.filter(({ parameters }) => parameters.length > 0);
  const frozen = withParameters.filter((layer) => layer.frozen);
  if (frozen.length > 0) lines.push(...freezeLines(frozen, withParameters));
  const named = lines.some((line) => line.includes('parameters['));
  if (named) lines.unshift('parameters = dict(self.named_parameters())');
  return lines.map((line) => `        ${line}\n`).join('');
}

/** By the types of the modules where all of these types are filled alike, else by the parameters' names. */
function fillLines(
  rule: Initialiser,
  filled: readonly ResolvedLayer[],
  layers: readonly ResolvedLayer[],
): readonly string[] {
  const { takesSamples, title } = initialiserType(rule.method);
  // A comment: the data are not there.
  if (takesSamples === true)
    return namesOf(filled, rule.parameters).map((name) => `# ${name}: ${title}. Load the weights of a run.`);
  const types = [...new Set(filled.map(({ layer }) => layer))];
  const ofTypes = layers.filter(({ layer }) => types.includes(layer));
  const having = ofTypes.filter(({ parameters }) => parameters.some(({ kind }) => kind === rule.parameters));
  if (having.length !== filled.length)
    return [loopOver(namesOf(filled, rule.parameters)), `    ${fillOf(rule, anyParameter)}`];
  const attribute = rule.parameters === 'bias' ? 'bias' : 'weight';
  const classes = types.map((type) => `nn.${type}`).join(', ');
  const isThere = having.length < ofTypes.length ? ` and module.${attribute} is not None` : '';
  return [
    'for module in self.modules():',
    `    if isinstance(module, ${types.length === 1 ? classes : `(${classes})`})${isThere}:`,
    `        ${fillOf(rule, `module.${attribute}`)}`,
  ];
}

function freezeLines(frozen: readonly ResolvedLayer[], all: readonly ResolvedLayer[]): readonly string[] {
  if (frozen.length === all.length) return ['self.requires_grad_(False)'];
  return [loopOver(namesOf(frozen)), '    parameters[name].requires_grad = False'];
}

function namesOf(layers: readonly ResolvedLayer[], kind?: Initialiser['parameters']): readonly string[] {
  return layers
    .flatMap(({ parameters }) => parameters)
    .filter((parameter) => kind === undefined || parameter.kind === kind)
    .map(({ name }) => name);
}

const anyParameter = 'parameters[name]';

/** The same of rules that fill alike. */
function keyOf(rule: Initialiser): string {
  return `${rule.parameters} ${fillOf(rule, anyParameter)}`;
}

function loopOver(names: readonly string[]): string {
  return laidOut({ open: 'for name in [', items: names.map(pythonString), separator: ',', close: ']' }, 8, ':');
}

/** The statement that fills a parameter, as PyTorch's own functions count gains and fans. */
function fillOf(rule: Initialiser, parameter: string): string {
  const { method, options, pythonArguments, pythonStatement } = initialiserType(rule.method);
  const statement = pythonStatement?.(parameter, decide(options, rule)) ?? null;
  if (statement !== null) return statement;
  const written = writtenOptions(options, rule);
  const given = pythonArguments?.(written) ?? namedArguments(options, written);
  return `nn.init.${method}_(${[parameter, ...given].join(', ')})`;
}

function namedArguments(declared: Options, written: Partial<Written<Options>>): readonly string[] {
  return Object.entries(written).map(([name, value]) =>
    declared[name]?.kind === 'number' ? `${name}=${pythonFloat(Number(value))}` : `${name}=${String(value)}`,
  );
}
