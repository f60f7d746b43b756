import { moduleName, withModuleNames } from '../../../core/network/module-name.ts';
import { settingName, useFieldLabels, withSettingNames } from './field-labels.ts';
import { useProject } from './project-store.ts';

/** Modules of the open project as the canvas names them, and its settings as the forms do, in the place of addresses. */
export function useModuleNames() {
  const current = useProject();
  const fields = useFieldLabels();

  /** Undefined for what is no module, nor an option of one. */
  function nameOf(at: string | undefined): string | undefined {
    return current.project === null || at === undefined ? undefined : moduleName(current.project, at);
  }

  return {
    nameOf,
    /** A sentence with names. */
    named: (sentence: string): string =>
      current.project === null ? sentence : withSettingNames(fields.labels, withModuleNames(current.project, sentence)),
    /** Of a module or a setting. */
    whereOf: (at: string): string =>
      nameOf(at) ?? (/^(?:recipe|data)\b/.test(at) ? settingName(fields.labels, at) : at),
  };
}
