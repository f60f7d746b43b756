import type { CallName, EventName } from './contract.ts';

/** Nothing else passes the bridge or the socket. */
export const callNames = Object.keys({
  'app.info': true,
  'app.disableCommands': true,
  'settings.read': true,
  'settings.write': true,
  'devices.list': true,
  'recipes.list': true,
  'projects.open': true,
  'projects.save': true,
  'projects.openDialog': true,
  'projects.saveAs': true,
  'projects.files': true,
  'projects.recent': true,
  'projects.autosave': true,
  'projects.recover': true,
  'projects.forget': true,
  'data.list': true,
  'data.get': true,
  'data.imported': true,
  'data.import': true,
  'data.forget': true,
  'data.choose': true,
  'training.start': true,
  'training.resume': true,
  'training.pause': true,
  'training.continue': true,
  'training.stop': true,
  'training.kill': true,
  'training.active': true,
  'training.watchMismatches': true,
  'training.findRate': true,
  'training.stopFindingRate': true,
  'runs.list': true,
  'runs.get': true,
  'runs.epochs': true,
  'runs.steps': true,
  'runs.update': true,
  'runs.remove': true,
  'runs.project': true,
  'runs.pictures': true,
  'runs.picture': true,
  'exports.make': true,
  'exports.stop': true,
  'exports.list': true,
  'exports.show': true,
  'exports.files': true,
  'evaluation.predictions': true,
  'evaluation.history': true,
  'evaluation.images': true,
  'look.explain': true,
  'look.activation': true,
  'look.predict': true,
  'look.nearest': true,
  'look.picture': true,
  'samples.make': true,
  'samples.animation': true,
} satisfies Record<CallName, true>) as readonly CallName[];

export const eventNames = Object.keys({
  settingsChanged: true,
  deviceUse: true,
  command: true,
  openRequested: true,
  dataProgress: true,
  training: true,
  mismatches: true,
  rateFinding: true,
  runsChanged: true,
  exportProgress: true,
} satisfies Record<EventName, true>) as readonly EventName[];

export function isCallName(name: unknown): name is CallName {
  return (callNames as readonly unknown[]).includes(name);
}

export function isEventName(name: unknown): name is EventName {
  return (eventNames as readonly unknown[]).includes(name);
}
