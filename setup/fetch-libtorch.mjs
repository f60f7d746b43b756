// Fetches libtorch into the cache: as the wheel that pip brings, or else as the official archive. Both become the same
// folder, torch/ with include/, lib/ and share/, put in its place whole or not at all.

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from './lock.mjs';
import { libtorchVersion } from './paths.mjs';
import { download, hasPip } from './pip.mjs';
import { megabytes, SetupError, step } from './report.mjs';
import { ensurePip } from './system.mjs';
import { readZipText, unzip } from './unzip.mjs';

/** Files seen and found good. Others are accepted, as pip or TLS vouches for them; their sum is written down. */
const knownSums = {
  'torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl':
    '6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b',
};
const officialSite = 'https://download.pytorch.org';
const cudaRelease = 'cu130';
/** CUDA builds are far above, CPU builds well below. */
const largestCpuWheel = 400e6;
/** libtorch's libraries do not depend on Python, so a wheel for any Python will do if there is none for this one. */
const pythonVersions = [[], ['3.12'], ['3.11']];

export async function fetchLibtorch(build, target) {
  const parent = path.dirname(target);
  await makeFolder(parent);
  await requireSpace(parent, build === 'cuda' ? 9e9 : 1.5e9);
  const prefix = `.${path.basename(target)}.`;
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
  const work = path.join(parent, `${prefix}${process.pid}`);
  await mkdir(work);
  try {
    const result = path.join(work, 'result');
    const problems = [await fromPip(build, work, result)];
    if (problems[0]) problems.push(await fromArchive(build, work, result));
    if (problems[1]) {
      throw new SetupError(
        `libtorch ${libtorchVersion} (${build}) cannot be had.\n` +
          `  pip: ${problems[0]}\n  ${officialSite}: ${problems[1]}\n` +
          'Put one somewhere by hand and name its folder (with include/ and lib/) in TORCHWRIGHT_LIBTORCH.',
      );
    }
    await rename(result, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function requireSpace(folder, needed) {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < needed) {
    throw new SetupError(
      `libtorch needs ${megabytes(needed)} of space in ${folder}, where ${megabytes(bavail * bsize)} are free. ` +
        'Make room, or set TORCHWRIGHT_CACHE to a folder on another disk.',
    );
  }
}

/** Null if it came; else what went wrong. */
async function fromPip(build, work, result) {
  await ensurePip();
  if (!(await hasPip())) return 'there is no python3 with pip';
  return step(`fetching libtorch ${libtorchVersion} (${build}) with pip`, async (show) => {
    const folder = path.join(work, 'wheels');
    const { wheel, problem } = await downloadWheel(build, folder);
    if (problem) return { said: 'nothing came', value: problem };
    const { size } = await stat(wheel);
    const sum = await checkedSum(wheel);
    await unpack(wheel, result, show);
    if (build === 'cuda') {
      const missing = await addNvidiaLibraries(wheel, work, result, show);
      if (missing) return { said: 'its NVIDIA libraries did not come', value: missing };
    }
    await writeSource(result, path.basename(wheel), sum);
    return { said: `${path.basename(wheel)}, ${megabytes(size)}`, value: null };
  });
}

async function downloadWheel(build, folder) {
  // For the CPU build the project's own index comes first: the general one has the CUDA build under the same name.
  const indices = build === 'cpu' ? [['--index-url', `${officialSite}/whl/cpu`], []] : [[]];
  let problem = '';
  for (const python of pythonVersions) {
    for (const index of indices) {
      const target = python.flatMap((version) => ['--only-binary=:all:', '--python-version', version]);
      const outcome = await download(folder, [`torch==${libtorchVersion}`], ['--no-deps', ...index, ...target]);
      if (outcome.files) {
        const [wheel] = outcome.files;
        const isCuda = !wheel.includes('+cpu') && (await stat(wheel)).size > largestCpuWheel;
        if (isCuda === (build === 'cuda')) return { wheel };
        await rm(folder, { recursive: true });
        problem ||= `it has ${path.basename(wheel)}, which is not the ${build} build`;
      } else problem ||= outcome.problem;
    }
  }
  return { problem };
}

/** The CUDA wheel looks for ../../nvidia beside its own libraries; the wheels with those are named in its metadata. */
async function addNvidiaLibraries(wheel, work, result, show) {
  show('its NVIDIA libraries');
  const metadata = await readZipText(wheel, (name) => name.endsWith('.dist-info/METADATA'));
  const requirements = [...metadata.matchAll(/^Requires-Dist: ((?:nvidia|cuda)-(?!bindings).*)$/gm)].map(
    ([, text]) => text,
  );
  const python = /-cp3(\d+)-/.exec(wheel)?.[1];
  const target = python ? ['--only-binary=:all:', '--python-version', `3.${python}`] : [];
  const outcome = await download(path.join(work, 'nvidia'), requirements, target);
  if (outcome.problem) return outcome.problem;
  for (const file of outcome.files) {
    await unzip(
      file,
      result,
      (name) => (/^nvidia\/.*\/lib\//.test(name) ? name : null),
      (written, total) => show(`unpacking ${path.basename(file)}, ${megabytes(written)} of ${megabytes(total)}`),
    );
  }
  return null;
}

/** Null if it came; else what went wrong. */
async function fromArchive(build, work, result) {
  const url = archiveUrl(build);
  if (url === null) return 'there is no archive for this kind of machine';
  return step(`fetching ${url}`, async (show) => {
    const archive = path.join(work, 'archive.zip');
    try {
      const response = await fetch(url);
      if (!response.ok) return { said: 'nothing came', value: `it answered ${response.status}` };
      const total = Number(response.headers.get('content-length'));
      let received = 0;
      await pipeline(
        Readable.fromWeb(response.body),
        async function* count(chunks) {
          for await (const chunk of chunks) {
            received += chunk.length;
            show(total ? `${megabytes(received)} of ${megabytes(total)}` : megabytes(received));
            yield chunk;
          }
        },
        createWriteStream(archive),
      );
    } catch (error) {
      return { said: 'nothing came', value: error.cause?.message ?? error.message };
    }
    const sum = await checkedSum(archive);
    await unpack(archive, result, show);
    await writeSource(result, url, sum);
    return { value: null };
  });
}

function archiveUrl(build) {
  const folder = `${officialSite}/libtorch/${build === 'cuda' ? cudaRelease : 'cpu'}`;
  const variant = build === 'cuda' ? cudaRelease : 'cpu';
  const kind = `${process.platform}-${process.arch}`;
  if (kind === 'linux-x64') return `${folder}/libtorch-shared-with-deps-${libtorchVersion}%2B${variant}.zip`;
  if (kind === 'darwin-arm64' && build === 'cpu') return `${folder}/libtorch-macos-arm64-${libtorchVersion}.zip`;
  return null;
}

/** Only what building and running need: the wheel's Python half, tests and tools stay out. */
async function unpack(archive, result, show) {
  const count = await unzip(
    archive,
    result,
    (name) => {
      if (name.startsWith('torch.libs/')) return name;
      const [, rest] = /^(?:torch|libtorch)\/((?:include|lib|share)\/.*)$/.exec(name) ?? [];
      if (!rest || /^lib\/(libtorch_python|libshm|.*_test\.|libaoti_custom_ops|libbackend_with_compiler)/.test(rest))
        return null;
      return `torch/${rest}`;
    },
    (written, total) => show(`unpacking, ${megabytes(written)} of ${megabytes(total)}`),
  ).catch((error) => {
    throw new SetupError(`The libtorch that came (${path.basename(archive)}) cannot be unpacked: ${error.message}.`);
  });
  if (count === 0) throw new SetupError(`${path.basename(archive)} holds no libtorch.`);
}

async function checkedSum(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const sum = hash.digest('hex');
  const known = knownSums[path.basename(file)];
  if (known && known !== sum) {
    throw new SetupError(`${path.basename(file)} is not what it should be: its SHA-256 is ${sum}, not ${known}.`);
  }
  return sum;
}

async function writeSource(result, from, sha256) {
  const text = JSON.stringify({ from, sha256, fetched: new Date().toISOString() }, null, 2);
  await writeFile(path.join(result, 'source.json'), `${text}\n`);
}
