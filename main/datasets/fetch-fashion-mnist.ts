import path from 'node:path';
import { fail } from '../failures.ts';
import { download } from './download.ts';
import type { OnProgress } from './download.ts';
import { knownDataset } from './known-datasets.ts';

const official = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com';

/** Fills `folder` with the four gzipped IDX files. */
export async function fetchFashionMnist(folder: string, onProgress: OnProgress): Promise<void> {
  for (const name of Object.keys(knownDataset('fashion-mnist')?.sha256 ?? {})) {
    await download(`${official}/${name}.gz`, path.join(folder, `${name}.gz`), onProgress).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      fail('unavailable', `Fashion-MNIST could not be fetched: ${reason}.`, {
        advice: 'On Debian and Ubuntu: sudo apt-get install dataset-fashion-mnist',
      });
    });
  }
}
