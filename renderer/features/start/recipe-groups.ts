import type { RecipeFacts } from './recipe-facts.ts';

export interface RecipeGroup {
  readonly title: string;
  /** One sentence. */
  readonly about: string;
  readonly recipes: readonly RecipeFacts[];
}

interface Group {
  readonly title: string;
  readonly about: string;
  readonly takes: (recipe: RecipeFacts) => boolean;
}

/** Those a newcomer walks through, in this order. */
const firstSteps = ['mnist-logit', 'mnist-linear', 'mnist-conv', 'spirals'];

/** A lesson goes on from the one before it. */
const lessons = [
  ...['lesson-simplenet', 'lesson-convnet', 'lesson-convnet2', 'lesson-convbn', 'lesson-convbn-deep'],
  ...['lesson-resnet', 'lesson-resnet2', 'tutorial-lenet', 'tutorial-resnet18', 'tutorial-resnet34'],
];

/** Each recipe goes to the first that takes it. */
const groups: readonly Group[] = [
  {
    title: 'First steps',
    about: 'Small networks that train within minutes on any machine.',
    takes: ({ name }) => firstSteps.includes(name),
  },
  {
    title: 'Generators',
    about:
      'Two networks trained against each other: one generates images, the other distinguishes them from real ones.',
    takes: ({ isAdversarial }) => isAdversarial,
  },
  {
    title: 'Lessons',
    about: 'Each lesson changes one thing in the previous one; the last ones follow a well-known tutorial.',
    takes: ({ name }) => /^(lesson|tutorial)-/.test(name),
  },
  { title: 'MNIST', about: 'Handwritten digits in grayscale, 28 × 28.', takes: ({ data }) => data === 'mnist' },
  {
    title: 'CIFAR-10',
    about: 'Small colour photographs in ten classes, 32 × 32.',
    takes: ({ data }) => data === 'cifar10',
  },
  { title: 'Other data', about: '', takes: () => true },
];

/** As they are shown. */
const order = ['First steps', 'MNIST', 'CIFAR-10', 'Lessons', 'Generators', 'Other data'];

/** Recipes in groups, in each from the easiest on: by what it takes to train, lessons as they follow each other. */
export function recipeGroups(recipes: readonly RecipeFacts[]): readonly RecipeGroup[] {
  const byTitle = new Map<string, RecipeFacts[]>(order.map((title) => [title, []]));
  for (const recipe of recipes) byTitle.get(groups.find(({ takes }) => takes(recipe))!.title)!.push(recipe);
  return order.flatMap((title) => {
    const found = byTitle.get(title)!;
    const { about } = groups.find((group) => group.title === title)!;
    return found.length === 0 ? [] : [{ title, about, recipes: found.toSorted((a, b) => compare(a, b)) }];
  });
}

function compare(a: RecipeFacts, b: RecipeFacts): number {
  const rank = ({ name }: RecipeFacts) => {
    const known = [...firstSteps, ...lessons].indexOf(name);
    return known < 0 ? Infinity : known;
  };
  // Two that are in no list are both at infinity, which subtracts to nothing.
  return rank(a) === rank(b) ? work(a) - work(b) : rank(a) - rank(b);
}

/** Multiply-adds of all epochs, for a data set of any one size. */
function work({ multiplyAdds, epochs }: RecipeFacts): number {
  return multiplyAdds === null ? Number.MAX_VALUE : multiplyAdds * epochs;
}
