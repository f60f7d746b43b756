import type { Handlers } from '../../core/contract/contract.ts';
import { Uploads } from '../datasets/uploads.ts';

type UploadCalls = 'data.beginUpload' | 'data.upload' | 'data.finishUpload' | 'data.cancelUpload';

/** Data of one's own that lie on a browser's machine. */
export function uploadCalls(): Pick<Handlers, UploadCalls> {
  const uploads = new Uploads();
  return {
    'data.beginUpload': async ({ name, bytes }) => ({ upload: await uploads.begin(name, bytes) }),
    'data.upload': ({ upload, parts }) => uploads.take(upload, parts),
    'data.finishUpload': async ({ upload }) => ({ source: await uploads.finish(upload) }),
    'data.cancelUpload': ({ upload }) => uploads.cancel(upload),
  };
}
