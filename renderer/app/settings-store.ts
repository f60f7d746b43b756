import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import { defaultSettings } from '../../core/contract/settings.ts';
import type { Settings } from '../../core/contract/settings.ts';
import { useNotices } from './notices.ts';
import { workbench } from './workbench.ts';

/** What the workbench remembers of its user, the same in every window. */
export const useSettings = defineStore('settings', () => {
  const notices = useNotices();
  const settings = shallowRef<Settings>(defaultSettings);

  async function load(): Promise<void> {
    workbench.on('settingsChanged', (now) => (settings.value = now));
    settings.value = await workbench.call('settings.read');
  }

  function change(changes: Partial<Settings>): void {
    settings.value = { ...settings.value, ...changes };
    void notices.attempt(() => workbench.call('settings.write', changes));
  }

  watch(
    () => settings.value.theme,
    (theme) => {
      if (theme === 'system') delete document.documentElement.dataset['theme'];
      else document.documentElement.dataset['theme'] = theme;
    },
  );

  watch(
    () => settings.value.density,
    (density) => (document.documentElement.dataset['density'] = density),
  );

  return { settings, load, change };
});
