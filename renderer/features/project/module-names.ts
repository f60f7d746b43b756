import { moduleName, withModuleNames } from '../../../core/network/module-name.ts';
import type { Project } from '../../../core/project/project.ts';
import { settingName, useFieldLabels, withSettingNames } from './field-labels.ts';
import { useProject } from './project-store.ts';

/**
 * Modules of a project as the canvas names them, and its settings as the forms do, in the place of addresses. Without
 * `of` it is the open project.
 */
export function useModuleNames(of?: () => Project | null) {
  const current = useProject();
  const fields = useFieldLabels();
  const project = of ?? (() => current.project);

  /** Undefined for what is no module, nor an option of one. */
  function nameOf(at: string | undefined): string | undefined {
    const named = project();
    return named === null || at === undefined ? undefined : moduleName(named, at);
  }

  return {
    nameOf,
    /** A sentence with names. */
    named(sentence: string): string {
      const named = project();
      return named === null ? sentence : withSettingNames(fields.labels, withModuleNames(named, sentence));
    },
    /** Of a module or a setting. */
    whereOf: (at: string): string =>
      nameOf(at) ?? (/^(?:recipe|data)\b/.test(at) ? settingName(fields.labels, at) : at),
  };
}
