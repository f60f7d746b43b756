import { pathOfFile, workbench } from '../../app/workbench.ts';

/** Of one message; the server takes 32 MiB. */
const bytesAtOnce = 4 * 2 ** 20;

/** Where a file lies for the workbench: Electron tells, from a browser it is brought to the serving machine. */
export async function bringFile(file: File): Promise<string> {
  const place = pathOfFile(file);
  if (place !== undefined) return place;
  const { name, size } = file;
  const { upload } = await workbench.call('data.beginUpload', { name, bytes: size });
  try {
    for (let at = 0; at === 0 || at < size; at += bytesAtOnce) {
      const content = new Uint8Array(await file.slice(at, at + bytesAtOnce).arrayBuffer());
      await workbench.call('data.upload', { upload, parts: [{ path: name, at, content }] });
    }
    return (await workbench.call('data.finishUpload', { upload })).source;
  } catch (error) {
    await workbench.call('data.cancelUpload', { upload }).catch(() => undefined);
    throw error;
  }
}
