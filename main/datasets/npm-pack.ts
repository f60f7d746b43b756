import { spawn } from 'node:child_process';

/** Fetches a package's archive into a folder with the npm that runs us, or the one on the path. npm holds it against the registry's checksum. */
export async function packWithNpm(specifier: string, folder: string): Promise<void> {
  const npm = process.env['npm_execpath'];
  const argumentsOfPack = ['pack', specifier, '--pack-destination', folder, '--loglevel=error'];
  const child = npm?.endsWith('.js')
    ? spawn(process.execPath, [npm, ...argumentsOfPack], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    : spawn('npm', argumentsOfPack, {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
        shell: process.platform === 'win32',
      });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-2000);
  });
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else if (complaint.includes('ENOSPC')) reject(Object.assign(new Error('the disk is full'), { code: 'ENOSPC' }));
      else reject(new Error(firstLine(complaint) ?? `npm ended with ${code}`));
    });
  });
}

/** npm's own summary of what went wrong: `npm error code E404` and the like say less than the line after it. */
function firstLine(complaint: string): string | undefined {
  const lines = complaint.split('\n').map((line) => line.replace(/^npm error /, '').trim());
  return lines.find((line) => line !== '' && !/^(npm warn|code |errno |syscall )/.test(line));
}
