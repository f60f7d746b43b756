import { useNotices } from '../../app/notices.ts';
import { usePlaces } from '../../app/places.ts';
import { workbench } from '../../app/workbench.ts';
import { useLeaving } from '../project/leaving.ts';
import { useProject } from '../project/project-store.ts';
import { readProject } from '../project/read-project.ts';
import { useTraining } from '../train/index.ts';

/** What can be done with a run beyond its row. */
export function useRunActions() {
  const notices = useNotices();
  const project = useProject();
  const places = usePlaces();
  const training = useTraining();
  const leaving = useLeaving();

  async function begin(
    run: string,
    rename: (name: string) => string,
    then: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    await notices.attempt(async () => {
      const { name, text } = await workbench.call('runs.project', { run });
      const read = readProject(text);
      if (!read.ok) {
        notices.tellFailure(read.failure, true);
        return;
      }
      leaving.leave(() => {
        project.begin({ ...read.project, name: rename(name) }, { file: null, isSaved: false });
        places.place = 'train';
        void notices.attempt(then);
      });
    });
  }

  return {
    /** With the run itself. */
    openProject: (run: string) =>
      begin(
        run,
        (name) => name,
        () => training.show(run),
      ),
    duplicate: (run: string) => begin(run, (name) => `${name}-copy`),
    /** Shows it where it can be trained further. */
    async trainMore(run: string): Promise<void> {
      await notices.attempt(async () => {
        await training.show(run);
        places.place = 'train';
      });
    },
    async resume(run: string): Promise<void> {
      await notices.attempt(async () => {
        await training.goOn(run);
        places.place = 'train';
      });
    },
  };
}
