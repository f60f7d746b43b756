import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatTitles } from '../../core/export/format-titles.ts';
import type { ExportRecord } from '../../core/export/record.ts';
import { exportFormats } from '../../core/export/subject.ts';
import type { ExportFormat } from '../../core/export/subject.ts';
import { bytesSource } from '../../core/weights/byte-source.ts';
import { readSafetensors } from '../../core/weights/safetensors.ts';
import { readZip } from '../../core/weights/read-zip.ts';
import { smallDigits } from '../small-digits.ts';
import { dropProject } from './dropping.ts';
import { patience, runShown, showPlace, trainButton, untilFinished } from './hands.ts';
import { faultsOf } from './judged.ts';
import { savingShells } from './saving.ts';
import type { SavingShell } from './saving.ts';

const twoEpochs = { ...smallDigits, recipe: { ...smallDigits.recipe, epochs: 2 } };
/** Bytes; a web page has more. */
const smallDisk = 2 ** 20;

describe.for(savingShells.filter(({ isHere }) => isHere))('Export in $name', ({ name, open }) => {
  let shell: SavingShell;
  let page: Page;
  let run: string;

  beforeAll(async () => {
    shell = await open();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  const form = () => page.getByRole('region', { name: 'New export' });
  const doing = () => form().getByRole('status');
  const card = (format: ExportFormat) => page.getByRole('region', { name: `Export as ${formatTitles[format]}` });
  const exportsFolder = (...names: string[]) => path.join(shell.home, 'runs', run, 'exports', ...names);
  const notice = (words: RegExp) => page.getByRole('contentinfo').getByText(words);
  const recordOf = async (format: ExportFormat) =>
    JSON.parse(await readFile(exportsFolder(format, 'export.json'), 'utf8')) as ExportRecord;

  async function begin(format: ExportFormat): Promise<void> {
    await form().getByLabel('Format').selectOption(format);
    await form().getByRole('button', { name: 'Export' }).click();
  }

  it('has a real run to export, of which it offers the checkpoints that there are', async () => {
    await dropProject(page, twoEpochs);
    await showPlace(page, 'Train');
    await trainButton(page, 'Train').click();
    await untilFinished(page);
    run = await runShown(page);
    await showPlace(page, 'Export');
    const offered = form().getByLabel('Checkpoint').locator('option');
    await expect.poll(() => offered.allInnerTexts()).toHaveLength(2);
    expect(await offered.allInnerTexts()).toEqual([
      expect.stringMatching(/^best: epoch [12], \d\d\.\d\d %$/),
      'last: epoch 2',
    ]);
  });

  it.for(exportFormats)('makes one of %s, tells its progress and shows its proof', async (format) => {
    await begin(format);
    await doing().waitFor();
    await doing().waitFor({ state: 'detached' });
    const record = await recordOf(format);
    await card(format).getByRole('heading', { name: formatTitles[format] }).waitFor();
    const shown = await card(format).innerText();
    for (const file of record.files) expect(shown).toContain(file.name);
    const [proof] = record.proofs;
    if ('notAsked' in proof!) expect(shown).toContain(proof.notAsked);
    else {
      expect(proof!.difference.absolute).toBeLessThan(1e-4);
      expect(shown).toMatch(
        /agrees with the engine on 100 test samples: (largest difference \d\.\de-\d+|no difference)/,
      );
      const right = `${(100 * proof!.accuracy!.consumer).toFixed(1)} %`;
      expect(shown).toContain(`right ${right} (the engine ${right})`);
    }
    await expectSummed(exportsFolder(format));
  });

  it('exports the checkpoint that is chosen', async () => {
    await form().getByLabel('Checkpoint').selectOption('last');
    await begin('state-dict');
    await expect.poll(async () => (await recordOf('state-dict')).checkpoint.which, patience).toBe('last');
    await card('state-dict')
      .getByText(/last checkpoint \(epoch 2\)/)
      .waitFor();
  });

  it('lets go a ZIP file and the path of the folder', async () => {
    const { name: file, content } = await shell.saved(() =>
      card('safetensors').getByRole('button', { name: 'Save as ZIP' }).click(),
    );
    expect(file).toBe('small-digits-safetensors.zip');
    const entries = await readZip(bytesSource(content));
    const weightsFile = entries.get('safetensors/model.safetensors')!;
    const weights = readSafetensors(await weightsFile.read(0, weightsFile.size)).tensors;
    expect(weights.map((tensor) => tensor.name).toSorted()).toEqual([
      ...['0.bias', '0.weight', '3.bias', '3.weight', '5.bias', '5.weight'],
    ]);
    await card('safetensors')
      .getByRole('button', { name: `Copy ${exportsFolder('safetensors')}` })
      .click();
    await notice(/Copied\./).waitFor();
    const canShow = await card('safetensors').getByRole('button', { name: 'Show folder' }).count();
    expect(canShow).toBe(name === 'Electron' ? 1 : 0);
    expect(await faultsOf(page, `export-${name.toLowerCase()}`)).toEqual([]);
  });

  it('stops when told to, leaves nothing half written and keeps what was there', async () => {
    const before = await recordOf('torchscript');
    await begin('torchscript');
    await form().getByRole('button', { name: 'Stop' }).click();
    await notice(/^The export was stopped/).waitFor();
    await doing().waitFor({ state: 'detached' });
    expect(await recordOf('torchscript')).toEqual(before);
    expect((await readdir(exportsFolder())).toSorted()).toEqual([...exportFormats].toSorted());
    await form().getByRole('button', { name: 'Export' }).isEnabled();
  });

  it('tells in a sentence why a folder cannot be written', async () => {
    await rename(exportsFolder(), `${exportsFolder()}-kept`);
    await writeFile(exportsFolder(), 'a file where the folder should be');
    await begin('onnx');
    await notice(/exports cannot be created/).waitFor();
    await rm(exportsFolder());
  });

  it('tells in a sentence that the disk is full, and gives back what it took', async ({ skip }) => {
    await mkdir(exportsFolder());
    const mounted = promisify(execFile)('mount', ['-t', 'tmpfs', '-o', `size=${smallDisk}`, 'none', exportsFolder()]);
    // Only the system's own user may, and not in every container.
    if (
      !(await mounted.then(
        () => true,
        () => false,
      ))
    )
      return skip();
    try {
      await begin('html');
      await notice(/The disk is full: .*exports.* could not be written/).waitFor();
      expect(await readdir(exportsFolder())).toEqual([]);
    } finally {
      await promisify(execFile)('umount', [exportsFolder()]);
    }
  });
});

/** Every file of the folder with the sum that SHA256SUMS gives of it. */
async function expectSummed(folder: string): Promise<void> {
  const lines = (await readFile(path.join(folder, 'SHA256SUMS'), 'utf8')).trim().split('\n');
  const sums = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  const names = (await readdir(folder)).filter((file) => file !== 'SHA256SUMS');
  expect([...sums.keys()].toSorted()).toEqual(names.toSorted());
  for (const file of names) {
    const content = await readFile(path.join(folder, file));
    expect(createHash('sha256').update(content).digest('hex')).toBe(sums.get(file));
  }
}
