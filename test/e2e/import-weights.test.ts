import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../../core/project/project.ts';
import type { WeightReport } from '../../core/training/events.ts';
import { smallDigits } from '../small-digits.ts';
import { dropFile, dropProject } from './dropping.ts';
import { patience, showPlace, testAccuracies, trainToTheEnd, writeSetting } from './hands.ts';
import { faultsOf } from './judged.ts';
import { savingShells } from './saving.ts';
import type { SavingShell } from './saving.ts';

/** As the one that was trained but for its last layers. */
const otherEnd: Project = {
  ...smallDigits,
  name: 'other-end',
  networks: {
    main: {
      type: 'Sequential',
      children: [
        { type: 'Conv2d', options: { out_channels: 8, kernel_size: 5, stride: 3 } },
        { type: 'ReLU' },
        { type: 'Flatten' },
        { type: 'Linear', options: { out_features: 16 } },
        { type: 'Tanh' },
        { type: 'Linear', options: { out_features: 10, bias: false } },
      ],
    },
  },
};

describe.for(savingShells.filter(({ isHere }) => isHere))('weights of a file in $name', ({ name, open }) => {
  let shell: SavingShell;
  let page: Page;
  /** By the ending of their names. */
  const files = new Map<string, Uint8Array>();
  let accuracy: number;

  beforeAll(async () => {
    shell = await open();
    ({ page } = shell);
  });
  afterAll(() => shell.close());

  const given = () => group().getByRole('status').filter({ hasText: 'tensors' });
  const notice = (words: RegExp) => page.getByRole('contentinfo').getByText(words);
  const group = () => page.getByRole('form', { name: 'How to train' });

  /** The only epoch's, once its table has taken it in. */
  async function accuracyShown(column: string): Promise<number> {
    await expect.poll(() => testAccuracies(page, column), patience).toHaveLength(1);
    return (await testAccuracies(page, column))[0]!;
  }

  async function reportOf(run: string): Promise<WeightReport> {
    const file = path.join(shell.home, 'runs', run, 'initial-weights.json');
    return (JSON.parse(await readFile(file, 'utf8')) as { readonly report: WeightReport }).report;
  }

  it('are of a real run, exported in three formats', async () => {
    await dropProject(page, smallDigits);
    await showPlace(page, 'Train');
    const run = await trainToTheEnd(page);
    accuracy = await accuracyShown('Test accuracy');
    await showPlace(page, 'Export');
    const form = page.getByRole('region', { name: 'New export' });
    const exported = { safetensors: 'model.safetensors', 'state-dict': 'model.pt', onnx: 'model.onnx' };
    for (const [format, file] of Object.entries(exported)) {
      await form.getByLabel('Format').selectOption(format);
      await form.getByRole('button', { name: 'Export' }).click();
      await form.getByRole('status').waitFor();
      await form.getByRole('status').waitFor({ state: 'detached' });
      const folder = path.join(shell.home, 'runs', run, 'exports', format);
      files.set(path.extname(file), await readFile(path.join(folder, file)));
    }
    await showPlace(page, 'Train');
    await group().getByText('Initial weights').click();
  });

  it.for(['.safetensors', '.pt', '.onnx'])('are chosen from the disk, %s, and all of them fit', async (ending) => {
    const file = path.join(shell.home, `chosen${ending}`);
    await writeFile(file, files.get(ending)!);
    await page.locator('input[type=file][accept*=".safetensors"]').setInputFiles(file);
    await expect
      .poll(() => given().allInnerTexts(), patience)
      .toEqual([`chosen${ending}: 6 of 6 tensors have the same name and shape.`]);
  });

  it('of a checkpoint with several state dicts are one that is chosen', async () => {
    const file = path.join(import.meta.dirname, '../cases/weights/two.pt');
    await page.locator('input[type=file][accept*=".ckpt"]').setInputFiles(file);
    const choice = group().getByLabel('State dict');
    await choice.waitFor();
    expect((await choice.locator('option').allInnerTexts()).map((text) => text.trim())).toEqual([
      ...['choose one', 'model, 9 tensors', 'ema, 9 tensors'],
    ]);
    await choice.selectOption('ema');
    await expect.poll(() => given().allInnerTexts(), patience).toEqual([expect.stringMatching(/^two\.pt.*6 tensors/)]);
    await page.locator('input[type=file][accept*=".onnx"]').setInputFiles(path.join(shell.home, 'chosen.onnx'));
    await choice.waitFor({ state: 'detached' });
    await expect.poll(() => given().allInnerTexts(), patience).toEqual([expect.stringContaining('6 of 6')]);
  });

  it('begin a training, which goes on from what they know', async () => {
    await writeSetting(page, 'Epochs', 1);
    const run = await trainToTheEnd(page);
    await page
      .getByText(/^Started from weights of .*chosen.*\.onnx: 6 of 6 tensors have the same name and shape\.$/)
      .waitFor();
    expect((await reportOf(run)).matched).toHaveLength(6);
    // While it trains it is right about as often as the run that it goes on from was in the end.
    expect(await accuracyShown('Train accuracy')).toBeGreaterThan(accuracy - 1);
  });

  it('are told by name where another network takes only some of them', async () => {
    await dropFile(page.locator('body'), {
      name: 'other-end.json',
      type: 'application/json',
      content: JSON.stringify(otherEnd),
    });
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await dropFile(page.locator('body'), { name: 'dropped.pt', type: '', content: files.get('.pt')! });
    await expect
      .poll(() => given().allInnerTexts(), patience)
      .toEqual(['dropped.pt: 2 of 5 tensors have the same name and shape.']);
    const shown = (await page.locator('.given dl').innerText()).replace(/\s+/g, ' ');
    expect(shown).toBe(
      'Loaded 0.weight, 0.bias Shape mismatch, left as initialised ' +
        '3.weight (32 × 512 for 16 × 512), 3.bias (32 for 16), 5.weight (10 × 32 for 10 × 16) Unused 5.bias',
    );
    await group().getByText('Unused').scrollIntoViewIfNeeded();
    expect(await faultsOf(page, `import-weights-${name.toLowerCase()}`)).toEqual([]);
    const run = await trainToTheEnd(page);
    const report = await reportOf(run);
    expect([report.matched.toSorted(), report.missing, report.unused]).toEqual([
      ['0.bias', '0.weight'],
      [],
      ['5.bias'],
    ]);
  });

  it('are refused in a sentence where the file is none, or could run something', async () => {
    const bare = Uint8Array.of(0x80, 0x02, 0x7d, 0x71, 0x00, 0x2e);
    await dropFile(page.locator('body'), { name: 'bare.pt', type: '', content: bare });
    await notice(/pickle/).waitFor();
    const cut = files.get('.safetensors')!.subarray(0, 500);
    await dropFile(page.locator('body'), { name: 'cut.safetensors', type: '', content: cut });
    await notice(/not a readable safetensors file/).waitFor();
  });
});
