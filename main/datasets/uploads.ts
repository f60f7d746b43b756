import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { FilePart } from '../../core/contract/data.ts';
import { fail, withFile } from '../failures.ts';
import { makeFolder } from '../files.ts';
import { pathInside } from '../inside-folder.ts';
import { uploadsFolder } from '../paths.ts';
import { isThere } from './check-files.ts';
import { removeAbandoned } from './install-folder.ts';

/** More is brought to the serving machine by other means. */
const mostBytes = 20e9;
const mostFiles = 500_000;
const deepest = 12;
/** One that is not gone on with is thrown away when the next begins: its browser was closed. */
const millisecondsKept = 10 * 60_000;

interface Upload {
  readonly name: string;
  readonly folder: string;
  readonly bytes: number;
  /** Bytes of each file that came. */
  readonly files: Map<string, number>;
  came: number;
  lastPart: number;
}

/** Files on their way from browsers to this machine's disk. */
export class Uploads {
  readonly #underway = new Map<string, Upload>();

  async begin(name: string, bytes: number): Promise<string> {
    if (bytes > mostBytes) {
      fail('badUsage', `${name} is larger than the limit for uploads from a browser (${mostBytes / 1e9} GB).`, {
        advice: 'Copy it to the serving machine and enter its path.',
      });
    }
    const parent = uploadsFolder();
    await makeFolder(parent);
    await removeAbandoned(parent);
    await this.#removeIdle();
    const { bavail, bsize } = await statfs(parent);
    // What is read of it takes about as much again.
    if (bavail * bsize < 2 * bytes) {
      fail(
        'noSpace',
        `${parent} has too little free space for ${name}: ${Math.ceil((2 * bytes) / 1e6)} MB are needed.`,
        {
          at: parent,
        },
      );
    }
    const folder = await withFile(parent, () => mkdtemp(path.join(parent, `.upload-${process.pid}-`)));
    const key = randomUUID();
    const lastPart = Date.now();
    this.#underway.set(key, { name: plainName(name), folder, bytes, files: new Map(), came: 0, lastPart });
    return key;
  }

  async take(key: string, parts: readonly FilePart[]): Promise<void> {
    const upload = this.#named(key);
    upload.lastPart = Date.now();
    for (const part of parts) await takePart(upload, part);
  }

  /** Returns the place of the folder, or of the only file. */
  async finish(key: string): Promise<string> {
    const upload = this.#named(key);
    if (upload.files.size === 0 || upload.came !== upload.bytes) {
      fail('badData', `${upload.name} was not uploaded completely.`, { advice: 'Drop it again.' });
    }
    this.#underway.delete(key);
    let target = path.join(uploadsFolder(), upload.name);
    for (let number = 2; await isThere(target); number++)
      target = path.join(uploadsFolder(), `${upload.name} ${number}`);
    await withFile(target, () => rename(upload.folder, target));
    const [only] = await readdir(target, { withFileTypes: true });
    return upload.files.size === 1 && only?.isFile() ? path.join(target, only.name) : target;
  }

  async cancel(key: string): Promise<void> {
    const upload = this.#underway.get(key);
    this.#underway.delete(key);
    if (upload) await rm(upload.folder, { recursive: true, force: true });
  }

  #named(key: string): Upload {
    return this.#underway.get(key) ?? fail('notFound', 'These files are no longer being uploaded.', { at: key });
  }

  async #removeIdle(): Promise<void> {
    for (const [key, { lastPart }] of this.#underway) {
      if (Date.now() - lastPart > millisecondsKept) await this.cancel(key);
    }
  }
}

/** The folder or file of the uploads folder that holds this source; null of a source that lies elsewhere. */
function uploadOf(source: string): string | null {
  const folder = uploadsFolder();
  const whole = path.isAbsolute(source) ? pathInside(folder, source) : null;
  return whole === null ? null : path.join(folder, path.relative(folder, whole).split(path.sep)[0]!);
}

/** Whether a source came through a browser. */
export function isUploaded(source: string): boolean {
  return uploadOf(source) !== null;
}

/** Removes the files of a source that came through a browser. */
export async function removeUploaded(source: string): Promise<void> {
  const upload = uploadOf(source);
  if (upload !== null) await withFile(upload, () => rm(upload, { recursive: true, force: true }));
}

async function takePart(upload: Upload, { path: place, at, content }: FilePart): Promise<void> {
  const file = pathInside(upload.folder, path.join(...segmentsOf(place))) ?? refuseName(place);
  const length = upload.files.get(place);
  if (at !== (length ?? 0)) fail('badUsage', `The parts of ${place} arrived out of order.`, { at: place });
  if (length === undefined && upload.files.size === mostFiles) {
    fail('badUsage', `${upload.name} holds more than ${mostFiles} files.`, {
      advice: 'Save the data as arrays instead.',
    });
  }
  upload.came += content.length;
  if (upload.came > upload.bytes) fail('badUsage', `${upload.name} is larger than announced.`);
  await withFile(file, async () => {
    if (length === undefined) await mkdir(path.dirname(file), { recursive: true });
    // A name that is there already in another writing of it is not written over.
    const handle = await open(file, length === undefined ? 'wx' : 'a');
    await handle.writeFile(content).finally(() => handle.close());
  });
  upload.files.set(place, at + content.length);
}

/** A browser's word for a place must not lead out of the folder. */
function segmentsOf(place: string): readonly string[] {
  const segments = place.split('/');
  const isPlain = segments.every((segment) => plainSegment.test(segment) && !/^\.*$/.test(segment));
  if (!isPlain || segments.length > deepest) refuseName(place);
  return segments;
}

/** Windows allows fewer characters than other systems. */
const plainSegment = process.platform === 'win32' ? /^[^\\/:*?"<>|\p{Cc}]{1,200}$/u : /^[^\\/\p{Cc}]{1,200}$/u;

function refuseName(place: string): never {
  const forbidden = process.platform === 'win32' ? '\\ : * ? " < > |' : '\\';
  const rule = `Uploaded files must not have ${forbidden} or line breaks in their names, more than 200 characters, or more than ${deepest} folders.`;
  return fail('badUsage', `${place} cannot be uploaded under this name.`, { at: place, advice: rule });
}

function plainName(name: string): string {
  return (
    name
      .replace(/[^\p{L}\p{N}_ .-]+/gu, '-')
      .replace(/^[. ]+/, '')
      .slice(0, 80)
      .trim() || 'data'
  );
}
