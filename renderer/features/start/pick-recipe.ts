import { usePlaces } from '../../app/places.ts';
import { useSettings } from '../../app/settings-store.ts';
import { useShell } from '../../app/shell-store.ts';
import { useLeaving } from '../project/leaving.ts';
import { useProject } from '../project/project-store.ts';

/** Begins a project of a recipe and shows where it is trained; asks first where something unsaved would go. */
export function usePickRecipe(): (name: string) => void {
  const shell = useShell();
  const project = useProject();
  const places = usePlaces();
  const settings = useSettings();
  const leaving = useLeaving();
  return (name) => {
    const recipe = shell.recipes.find((candidate) => candidate.name === name);
    if (recipe === undefined) return;
    leaving.leave(() => {
      project.beginRecipe(recipe);
      settings.change({ lastProject: { recipe: name } });
      places.dialog = null;
      places.place = 'train';
    });
  };
}
