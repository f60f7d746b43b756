import { onScopeDispose, readonly, ref } from 'vue';
import type { Ref } from 'vue';

/** The theme in force, the user's or the system's. */
export function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
}

/** Follows the theme. */
export function useIsDark(): Readonly<Ref<boolean>> {
  const dark = ref(isDark());
  const update = () => (dark.value = isDark());
  const observer = new MutationObserver(update);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', update);
  onScopeDispose(() => {
    observer.disconnect();
    system.removeEventListener('change', update);
  });
  return readonly(dark);
}
