import type { Locator, Page } from 'playwright-core';

export interface GivenFile {
  readonly name: string;
  /** Of the system: `image/png`; empty of what it does not know. */
  readonly type: string;
  readonly content: Uint8Array | string;
}

/** Makes, in the page, what a drag or the clipboard carries. */
function transferOf({ name, type, content }: GivenFile): string {
  const text = Buffer.from(content).toString('base64');
  return `(() => {
    const bytes = Uint8Array.from(atob('${text}'), (character) => character.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], ${JSON.stringify(name)}, { type: ${JSON.stringify(type)} }));
    return transfer;
  })()`;
}

/** A file let go over something of the page. */
export async function dropFile(target: Locator, file: GivenFile): Promise<void> {
  await target.dispatchEvent('drop', { dataTransfer: await target.page().evaluateHandle(transferOf(file)) });
}

/** A file pasted into the page. */
export async function pasteFile(page: Page, file: GivenFile): Promise<void> {
  await page.evaluate(
    `document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: ${transferOf(file)}, bubbles: true }))`,
  );
}

/** A project's file let go over the window as it starts. */
export async function dropProject(page: Page, project: unknown): Promise<void> {
  await page.getByRole('heading', { name: 'Train your first network in two minutes' }).waitFor();
  const content = JSON.stringify(project);
  await dropFile(page.locator('body'), { name: 'project.json', type: 'application/json', content });
}
