import type { Project, SupervisedRecipe } from './project.ts';

const supervised: SupervisedRecipe = {
  kind: 'supervised',
  loss: { type: 'CrossEntropy' },
  optimizer: { type: 'Adam' },
  schedule: { type: 'Constant', rate: 0.001 },
  batchSize: 100,
  epochs: 10,
};

/** Where somebody designs a network from nothing: MNIST, and a training that suits most first attempts (Adam's own rate, Kingma and Ba 2015). */
export const emptyProject: Project = {
  format: 'torchwright-project',
  version: 1,
  name: 'untitled',
  networks: { main: { type: 'Sequential', children: [] } },
  data: { source: 'mnist', normalise: { kind: 'affine', scale: 1 / 127.5, offset: -1 } },
  recipe: supervised,
};

/** A new project in the window: the user chooses its data first, and the machine its precision. */
export const projectWithoutData: Project = {
  ...emptyProject,
  data: { ...emptyProject.data, source: '' },
  recipe: { ...supervised, precision: 'auto' },
};

/** A name that no project has had yet: of others of that name a new one would show the runs as its own. */
export function freshName(taken: ReadonlySet<string>): string {
  const { name } = emptyProject;
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} ${number}`)) number++;
  return `${name} ${number}`;
}

/** Whether a project's name is one that nobody gave it. */
export function isUnnamed({ name }: Pick<Project, 'name'>): boolean {
  return (
    name === emptyProject.name ||
    (name.startsWith(`${emptyProject.name} `) && /^\d+$/.test(name.slice(emptyProject.name.length + 1)))
  );
}
