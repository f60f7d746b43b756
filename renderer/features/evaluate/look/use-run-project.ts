import { shallowRef, watch } from 'vue';
import type { Project } from '../../../../core/project/project.ts';
import { useNotices } from '../../../app/notices.ts';
import { workbench } from '../../../app/workbench.ts';
import { readProject } from '../../project/read-project.ts';

/** The project that a run trained; null until it is there, and where it cannot be read. */
export function useRunProject(of: () => string) {
  const notices = useNotices();
  const project = shallowRef<Project | null>(null);
  watch(
    of,
    async (run) => {
      const found = await notices.attempt(() => workbench.call('runs.project', { run }));
      const read = found && readProject(found.text);
      if (run === of()) project.value = read?.ok === true ? read.project : null;
    },
    { immediate: true, flush: 'post' },
  );
  return project;
}
