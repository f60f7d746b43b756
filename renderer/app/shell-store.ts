import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { AppInfo, Device, DeviceUse } from '../../core/contract/app.ts';
import type { RecipeDescription } from '../../core/contract/projects.ts';
import { useNotices } from './notices.ts';
import { workbench } from './workbench.ts';

/** What this installation is and has: read once. */
export const useShell = defineStore('shell', () => {
  const notices = useNotices();
  const info = shallowRef<AppInfo | null>(null);
  const devices = shallowRef<readonly Device[]>([]);
  const use = shallowRef<DeviceUse | null>(null);
  const recipes = shallowRef<readonly RecipeDescription[]>([]);
  const shell = computed(() => info.value?.shell ?? 'browser');

  async function load(): Promise<void> {
    [info.value, recipes.value] = await Promise.all([workbench.call('app.info'), workbench.call('recipes.list')]);
    workbench.on('deviceUse', (now) => (use.value = now));
    // Starts the engine to ask it; the window does not wait for that.
    void notices.attempt(async () => (devices.value = await workbench.call('devices.list')));
  }

  return { info, shell, devices, use, recipes, load };
});
