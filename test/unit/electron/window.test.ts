import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageFile } from '../../../main/electron/page-file.ts';
import { windowOptions } from '../../../main/electron/window-options.ts';

describe('the window', () => {
  it('gives its page no Node, its own world and the sandbox', () => {
    expect(windowOptions().webPreferences).toMatchObject({
      nodeIntegration: false,
      contextIsolation: true,
      sandbox: true,
    });
  });

  it('opens only files of the built pages', () => {
    const folder = path.resolve('/pages');
    expect(pageFile(folder, 'app://torchwright/index.html')).toBe(path.join(folder, 'index.html'));
    expect(pageFile(folder, 'app://torchwright/assets/a%20b.js')).toBe(path.join(folder, 'assets', 'a b.js'));
    for (const address of [
      'app://torchwright/%2e%2e%2fsecret',
      'app://torchwright/..%2f..%2fsecret',
      'app://torchwright/..%5csecret',
      'app://torchwright/a%00.html',
      'app://torchwright/%zz',
      'app://elsewhere/index.html',
      'app://torchwright/',
    ]) {
      expect(pageFile(folder, address) ?? 'none', address).toSatisfy(
        (file: string) => file === 'none' || file.startsWith(folder + path.sep),
      );
    }
    expect(pageFile(folder, 'app://torchwright/..%2f..%2fsecret')).toBeNull();
    expect(pageFile(folder, 'app://elsewhere/index.html')).toBeNull();
  });
});
