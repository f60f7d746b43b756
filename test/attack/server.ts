/** The server under attack, in a process of its own: prints its address. Pages of one line stand in for the window's. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { homeFolder } from '../../main/paths.ts';
import { serve } from '../../main/serve/server.ts';
import { token } from './victim.ts';

const pages = path.join(path.dirname(homeFolder()), 'pages');
await mkdir(pages, { recursive: true });
await writeFile(path.join(pages, 'index.html'), '<p>page</p>');
const server = await serve({ host: '127.0.0.1', port: 0, token, pages });
console.log(server.address);
