import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonCode } from '../../core/code/python.ts';
import { pytorchText } from '../../core/code/pytorch-text.ts';
import { factsOf } from '../../core/network/facts.ts';
import { knownData } from '../../core/project/known-data.ts';
import { outline, readRecipe } from './design-hands.ts';
import { beginRecipe, patience, showPlace } from './hands.ts';
import { drawn, judge, picture } from './judged.ts';
import { savingShells } from './saving.ts';
import type { SavingShell } from './saving.ts';

const recipe = await readRecipe('cifar10-resnet18');
const { networks, blocks, data } = recipe;
const resolved = factsOf(networks.main, blocks ?? {}, [knownData.get(data.source)!.inputShape]).resolved!;
const code = pythonCode(recipe, resolved).text;

let shell: SavingShell;
let page: Page;

describe.each(savingShells)('summary of a network in $name', ({ name: shellName, isHere, open }) => {
  beforeAll(async () => {
    if (!isHere) return;
    shell = await open();
    ({ page } = shell);
  });
  afterAll(async () => {
    if (isHere) await shell.close();
  });

  it.runIf(isHere)('has every layer with the totals, sorted by what one clicks', async () => {
    await beginRecipe(page, recipe.name);
    await showPlace(page, 'Design');
    await button('Summary').click();
    const first = rows().nth(1);
    await expect.poll(() => first.innerText(), patience).toMatch(/^0\s+Conv2d\s+3 × 32 × 32\s+64 × 32 × 32\s+1,728/);
    expect(await rows().last().innerText()).toMatch(/60 layers\s+11,173,962\s+555,422,720/);

    await button('Parameters').click();
    expect(await header('Parameters').getAttribute('aria-sort')).toBe('descending');
    await expect.poll(() => first.innerText(), patience).toMatch(/^8\.body\.3\s+Conv2d.*2,359,296/s);
    await lookAt(`summary-table-${shellName.toLowerCase()}`);
  });

  it.runIf(isHere)('shows a row in the outline that is clicked', async () => {
    await rows().nth(1).getByRole('button').click();
    await outline(page)
      .getByRole('treeitem', { selected: true, name: /Conv2d/ })
      .waitFor();
  });

  it.runIf(isHere)('is saved as CSV', async () => {
    const { name, content } = await shell.saved(() => button('Save as .csv').click());
    const lines = content.toString().split('\r\n');
    expect(name).toBe('cifar10-resnet18.csv');
    expect(lines[1]).toBe('0,Conv2d,3x32x32,64x32x32,1728,1728,1769472,262144');
    expect(lines.at(-2)).toMatch(/^total,,,,11173962,11173962,555422720,\d+$/);
  });

  it.runIf(isHere)('is written as PyTorch prints it, and copied', async () => {
    await tab('Text').click();
    expect(await page.getByRole('region', { name: 'The network as PyTorch prints it' }).innerText()).toBe(
      pytorchText(resolved),
    );
    await button('Copy').click();
    const search = page.getByPlaceholder('Search modules');
    await search.focus();
    await page.keyboard.press('Control+v');
    expect(await search.inputValue()).toMatch(/^Network\(\s*\(0\): Conv2d\(3, 64/);
    await search.fill('');
  });

  it.runIf(isHere)('is written as Python and saved, after an edit too', async () => {
    await tab('Python').click();
    const text = page.getByRole('region', { name: 'The network in Python' });
    const { name, content } = await shell.saved(() => button('Save as .py').click());
    expect(name).toBe('cifar10-resnet18.py');
    expect(content.toString()).toBe(code);
    expect(await text.innerText()).toContain('class BasicBlock(Residual):');
    await lookAt(`summary-python-${shellName.toLowerCase()}`);

    // The ReLU after the first convolution and its norm.
    await outline(page).getByRole('treeitem', { selected: true }).focus();
    for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Delete']) await page.keyboard.press(key);
    await expect.poll(() => text.innerText(), patience).toMatch(/BatchNorm2d\(64\),\s+nn\.Sequential/);
    await page.keyboard.press('Control+z');
    await expect.poll(() => text.innerText(), patience).toMatch(/BatchNorm2d\(64\),\s+nn\.ReLU/);
  });

  it.runIf(isHere)('grows by the keyboard, and stays so', async () => {
    const edge = pane().getByRole('separator', { name: 'Height of the summary' });
    const before = Number(await edge.getAttribute('aria-valuenow'));
    await edge.focus();
    await page.keyboard.press('ArrowUp');
    expect(Number(await edge.getAttribute('aria-valuenow'))).toBeGreaterThan(before);
    await showPlace(page, 'Data');
    await showPlace(page, 'Design');
    await expect.poll(async () => Number(await edge.getAttribute('aria-valuenow')), patience).toBeGreaterThan(before);
    expect(await tab('Python').getAttribute('aria-selected')).toBe('true');
  });

  it.runIf(isHere)('the drawing is saved as SVG, and as PNG of twice the size', async () => {
    const svg = await shell.saved(() => command('Save drawing as SVG'));
    const png = await shell.saved(() => command('Save drawing as PNG'));
    const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg.content.toString())!;
    expect([svg.name, png.name]).toEqual(['cifar10-resnet18.svg', 'cifar10-resnet18.png']);
    // PNG's first chunk: width and height from byte 16 on.
    expect(png.content.subarray(1, 4).toString()).toBe('PNG');
    expect([png.content.readUInt32BE(16), png.content.readUInt32BE(20)]).toEqual([
      Number(width) * 2,
      Number(height) * 2,
    ]);
  });
});

/** Pictures in both themes, and what axe says of them. */
async function lookAt(name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await drawn(page);
    await picture(page, `${name}-${theme}`);
    expect(await judge(page, 'section[aria-label="Summary"]')).toEqual([]);
  }
}

function pane(): Locator {
  return page.getByRole('region', { name: 'Summary' });
}

function button(name: string): Locator {
  return pane().getByRole('button', { name, exact: true });
}

function tab(name: string): Locator {
  return pane().getByRole('tab', { name });
}

function header(name: string): Locator {
  return pane().getByRole('columnheader', { name });
}

function rows(): Locator {
  return pane().getByRole('row');
}

async function command(title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill(title);
  await page.keyboard.press('Enter');
}
