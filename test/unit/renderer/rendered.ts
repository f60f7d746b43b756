import path from 'node:path';
import { createPinia, setActivePinia } from 'pinia';
import { vi } from 'vitest';
import { createSSRApp } from 'vue';
import type { Component } from 'vue';
import { renderToString } from 'vue/server-renderer';

/** The calls of a window, with their arguments. */
type Calls = (readonly [name: string, argument: unknown])[];

// The page keeps the workbench that it found first.
let answers: Readonly<Record<string, unknown>>;
let calls: Calls;
const nothing = (): void => undefined;
const torchwright = {
  pathOf: () => '',
  on: () => nothing,
  call(name: string, argument: unknown) {
    calls.push([name, argument]);
    return Promise.resolve({ ok: true, value: answers[name] ?? null });
  },
};

/** A fresh window without a page: its stores, and a workbench that answers calls with `given`. */
export function openWindow(given: Readonly<Record<string, unknown>> = {}): Calls {
  answers = given;
  calls = [];
  setActivePinia(createPinia());
  vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: nothing, removeItem: nothing });
  vi.stubGlobal('addEventListener', nothing);
  vi.stubGlobal('window', { addEventListener: nothing, removeEventListener: nothing, torchwright });
  return calls;
}

/** A module of renderer/: the checks of types know no DOM for tests. */
export async function imported<Module>(file: string): Promise<Module> {
  return (await import(/* @vite-ignore */ path.resolve(import.meta.dirname, '../../../renderer', file))) as Module;
}

/** What a component of renderer/ shows, as HTML. */
export async function rendered(file: string, properties: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { default: component } = await imported<{ default: Component }>(file);
  return renderToString(createSSRApp(component, properties));
}
