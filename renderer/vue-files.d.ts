// For tools that read TypeScript but not Vue files; vue-tsc knows the real types.
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
