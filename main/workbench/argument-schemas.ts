import { z } from 'zod';
import type { Argument, CallName } from '../../core/contract/contract.ts';
import { runSorts } from '../../core/contract/runs.ts';
import { opsets } from '../../core/export/onnx/opset.ts';
import { exportFormats } from '../../core/export/subject.ts';
import { augment, importSettings, normalise } from '../../core/project/schema/data.ts';
import { schedule } from '../../core/project/schema/schedule.ts';
import { resumedData } from '../../core/training/run-data.ts';
import { settingsSchema } from './settings-schema.ts';

const nothing = z.undefined();
const count = z.number().int().min(0);
const text = z.string().max(10_000_000);
/** Ids become parts of paths. */
const run = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);
const runs = z.object({ runs: z.array(run).max(10_000) });
const key = z.string().regex(/^[\w-]{1,64}$/);
const upload = key;
const filePart = z.strictObject({ path: z.string().min(1).max(1024), at: count, content: z.instanceof(Uint8Array) });
const rate = z.number().positive();
const weights = z.enum(['last', 'averaged']);
/** At once. */
const mostImages = 10_000;
const images = z
  .instanceof(Int32Array)
  .refine((indices) => indices.length <= mostImages, `at most ${mostImages} images`)
  .refine((indices) => indices.every((index) => index >= 0), 'images count from 0');
const dataChoice = z.strictObject({ source: z.string().min(1).max(4096), import: importSettings.exactOptional() });
const device = z.string().regex(/^(auto|cpu|cuda(:\d{1,3})?)$/);

const changes = z.strictObject({ schedule: schedule.exactOptional(), epochs: count.min(1).exactOptional() });

const query = z.strictObject({
  search: z.string().max(1000).exactOptional(),
  onlyStarred: z.boolean().exactOptional(),
  project: z.string().max(1000).exactOptional(),
  sort: z.strictObject({ by: z.enum(runSorts), descending: z.boolean() }).exactOptional(),
  offset: count,
  limit: count.max(10_000),
});

const sampleQuery = z.strictObject({
  run,
  wish: z.strictObject({
    seed: count,
    count: count.min(1).max(200),
    class: count.exactOptional(),
    walk: z
      .strictObject({ toSeed: count, frames: count.min(2).max(240), way: z.enum(['spherical', 'straight']) })
      .exactOptional(),
  }),
});

const lookTarget = z.strictObject({
  run,
  checkpoint: z.enum(['last', 'best']),
  weights: weights.exactOptional(),
});
const subject = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sample'), index: count }),
  z.strictObject({ kind: z.literal('pixels'), pixels: z.instanceof(Uint8Array) }),
]);

function asked<Shape extends z.ZodRawShape>(question: Shape) {
  return z.strictObject({ of: lookTarget, question: z.strictObject(question) });
}

const unsaved = z.strictObject({
  key,
  file: z.string().nullable(),
  name: z.string(),
  text,
});

const saved = { text, document: key.exactOptional(), replace: z.boolean().exactOptional() };

/** What each call may be given. What comes from a window or a browser is not trusted to keep to the types. */
export const argumentSchemas: { readonly [Name in CallName]: z.ZodType<Argument<Name>> } = {
  'app.info': nothing,
  'app.disableCommands': z.array(z.string()),
  'settings.read': nothing,
  'settings.write': settingsSchema.omit({ window: true, recentProjects: true }).partial().strict() as z.ZodType<
    Argument<'settings.write'>
  >,
  'devices.list': nothing,
  'recipes.list': nothing,
  'projects.open': z.strictObject({ file: z.string() }),
  'projects.save': z.strictObject({ file: z.string(), ...saved }),
  'projects.openDialog': nothing,
  'projects.saveAs': z.strictObject({ name: z.string(), ...saved }),
  'projects.files': nothing,
  'projects.recent': nothing,
  'projects.hold': unsaved.extend({ isSaved: z.boolean(), holder: key, take: z.boolean() }),
  'projects.release': z.strictObject({ key, holder: key }),
  'projects.held': nothing,
  'projects.autosave': unsaved,
  'projects.recover': nothing,
  'projects.forget': z.strictObject({ key }),
  'data.list': nothing,
  'data.get': z.strictObject({ name: z.string() }),
  'data.preview': z.strictObject({ source: z.string().min(1).max(4096), settings: importSettings }),
  'data.check': z.strictObject({ source: z.string().min(1).max(4096), settings: importSettings }),
  'data.cancel': z.strictObject({ name: z.string().max(4096) }),
  'data.discard': z.strictObject({ name: z.string() }),
  'data.imported': nothing,
  'data.import': z.strictObject({ source: z.string().min(1).max(4096), settings: importSettings }),
  'data.forget': z.strictObject({ source: z.string().min(1).max(4096) }),
  'data.choose': z.strictObject({ what: z.enum(['folder', 'file']) }),
  'data.beginUpload': z.strictObject({ name: z.string().min(1).max(255), bytes: count }),
  'data.upload': z.strictObject({ upload, parts: z.array(filePart).max(10_000) }),
  'data.finishUpload': z.strictObject({ upload }),
  'data.cancelUpload': z.strictObject({ upload }),
  'inspection.read': dataChoice,
  'inspection.findAlike': dataChoice,
  'inspection.images': z.strictObject({ of: dataChoice, split: z.enum(['train', 'test']), indices: images }),
  'inspection.augment': z.strictObject({
    of: dataChoice,
    normalise,
    augment,
    indices: images,
    seed: count,
  }),
  'inspection.judge': z.strictObject({ run, split: z.enum(['train', 'test']) }),
  'training.start': z.strictObject({
    projectText: text,
    document: key.exactOptional(),
    device,
    threads: count.min(1).exactOptional(),
    seed: count.exactOptional(),
    from: z.string().min(1).max(4096).exactOptional(),
    fromEntry: z.string().max(4096).exactOptional(),
    allowFreshFrozen: z.boolean().exactOptional(),
  }),
  'training.findRate': z.strictObject({
    search: key,
    subject: z.union([z.strictObject({ projectText: text }), z.strictObject({ run })]),
    sweep: z
      .strictObject({ lowest: rate, highest: rate, steps: count.min(2).max(100_000), cutOff: rate })
      .refine(({ lowest, highest }) => lowest < highest, 'the highest rate must be above the lowest'),
    device,
  }),
  'training.measureCost': z.strictObject({ projectText: text, device, isNew: z.boolean() }),
  'training.profile': z.strictObject({ profile: key, projectText: text, device }),
  'training.cancelProfile': z.strictObject({ profile: key }),
  'training.stopFindingRate': z.strictObject({ search: key }),
  'training.resume': z.strictObject({
    run,
    device: device.exactOptional(),
    epochs: z.number().int().min(1).exactOptional(),
    data: z.enum(resumedData).exactOptional(),
  }),
  'training.pause': z.strictObject({ run }),
  'training.continue': z.strictObject({ run, changes: changes.exactOptional() }),
  'training.stop': z.strictObject({ run }),
  'training.kill': z.strictObject({ run }),
  'training.active': nothing,
  'training.watchMismatches': z.strictObject({ run, limit: count.max(1000) }),
  'runs.list': query,
  'runs.fitting': z.strictObject({
    classNames: z.array(z.string().max(10_000)).max(100_000),
    limit: count.max(1000),
  }),
  'runs.get': z.strictObject({ run }),
  'runs.epochs': runs,
  'runs.steps': runs.extend({
    from: count.exactOptional(),
    to: count.exactOptional(),
    points: count.min(2).max(100_000),
  }),
  'runs.update': z.strictObject({
    run,
    name: z.string().max(1000).exactOptional(),
    project: z.string().min(1).max(10_000).exactOptional(),
    tags: z.array(z.string().max(100)).max(100).exactOptional(),
    note: z.string().max(100_000).exactOptional(),
    isStarred: z.boolean().exactOptional(),
  }),
  'runs.remove': runs,
  'runs.project': z.strictObject({ run }),
  'exports.make': z.strictObject({
    run,
    format: z.enum(exportFormats),
    checkpoint: z.enum(['best', 'last', 'averaged']),
    preprocess: z.boolean().exactOptional(),
    precision: z.enum(['float32', 'float16', 'int8']).exactOptional(),
    opset: z.int().min(opsets.lowest).max(opsets.highest).exactOptional(),
  }),
  'exports.stop': z.strictObject({ run }),
  'exports.list': z.strictObject({ run }),
  'exports.show': z.strictObject({ run, format: z.enum(exportFormats) }),
  'exports.files': z.strictObject({ run, format: z.enum(exportFormats) }),
  'runs.pictures': z.strictObject({ run }),
  'runs.picture': z.strictObject({ run, picture: z.union([count.min(1), z.literal('animation')]) }),
  'weights.read': z.strictObject({ file: z.string().min(1).max(4096) }),
  'evaluation.predictions': z.strictObject({
    run,
    checkpoint: z.enum(['last', 'best']),
    weights: weights.exactOptional(),
    views: count.min(2).max(18).exactOptional(),
  }),
  'evaluation.history': z.strictObject({ run, weights }),
  'evaluation.mismatches': z.strictObject({ run, limit: count.max(1000) }),
  'evaluation.images': z.strictObject({ run, indices: images }),
  'evaluation.rows': z.strictObject({ run, indices: images }),
  'look.explain': asked({ kind: z.literal('explain'), subject, target: count.exactOptional() }),
  'look.activation': asked({ kind: z.literal('activation'), subject, layer: count }),
  'look.predict': asked({ kind: z.literal('predict'), subject }),
  'look.nearest': asked({ kind: z.literal('nearest'), subject, count: count.min(1).max(100) }),
  'look.row': z.strictObject({ of: lookTarget, cells: z.array(z.string().max(1000)).max(1_000_000) }),
  'look.picture': z.strictObject({ run, file: z.instanceof(Uint8Array), name: text }),
  'samples.make': sampleQuery,
  'samples.animation': sampleQuery,
};
