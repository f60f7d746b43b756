import { expect, test } from 'vitest';
import { emptyProject } from '../../../core/project/empty-project.ts';
import type { Loss, Project } from '../../../core/project/project.ts';
import { withLossOf } from '../../../renderer/features/data/use-imported.ts';

const projectWith = (loss: Loss): Project => ({
  ...emptyProject,
  recipe: { ...emptyProject.recipe, kind: 'supervised', loss },
});
const lossOf = ({ recipe }: Project): string | null => (recipe.kind === 'supervised' ? recipe.loss.type : null);

test('the loss follows the data from classes to numbers and back, and else stays what was chosen', () => {
  const numbers = withLossOf(projectWith({ type: 'NLL' }), 'regression', undefined);
  expect(lossOf(numbers)).toBe('MSE');
  expect(lossOf(withLossOf(numbers, 'classification', 'regression'))).toBe('CrossEntropy');
  expect(lossOf(withLossOf(projectWith({ type: 'Huber' }), 'regression', 'regression'))).toBe('Huber');
  expect(lossOf(withLossOf(projectWith({ type: 'MSE' }), 'classification', 'classification'))).toBe('MSE');
  expect(lossOf(withLossOf(projectWith({ type: 'NLL' }), 'classification', 'regression'))).toBe('NLL');
});
