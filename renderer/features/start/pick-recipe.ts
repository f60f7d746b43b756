import { freshName, projectWithoutData } from '../../../core/project/empty-project.ts';
import { useNotices } from '../../app/notices.ts';
import { usePlaces } from '../../app/places.ts';
import type { Place } from '../../app/places.ts';
import { useSettings } from '../../app/settings-store.ts';
import { useShell } from '../../app/shell-store.ts';
import { workbench } from '../../app/workbench.ts';
import { useLeaving } from '../project/leaving.ts';
import { useProject } from '../project/project-store.ts';

/** Begins a project of a recipe and shows a place of it, where it is trained or designed; asks first where something unsaved would go. */
export function usePickRecipe(place: Place = 'train'): (name: string) => void {
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
      places.place = place;
    });
  };
}

/** Whose projects' names are looked at. */
const mostRuns = 1000;

/** Begins a project without modules and data, where its data are chosen; asks first where something unsaved would go. */
export function useBeginEmpty(): () => void {
  const project = useProject();
  const places = usePlaces();
  const leaving = useLeaving();
  const notices = useNotices();
  const begin = async (): Promise<void> => {
    const { name: search } = projectWithoutData;
    const found = await notices.attempt(() => workbench.call('runs.list', { search, offset: 0, limit: mostRuns }));
    const name = freshName(new Set(found?.runs.map((run) => run.project)));
    project.begin({ ...projectWithoutData, name }, { file: null, isSaved: true });
    places.dialog = null;
    places.place = 'data';
  };
  return () => leaving.leave(() => void begin());
}
