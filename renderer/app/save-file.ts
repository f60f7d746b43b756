const types: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  py: 'text/x-python',
  svg: 'image/svg+xml',
  txt: 'text/plain',
};

/** Lets the user keep a file: Electron asks where, a browser puts it among its downloads. */
export function saveFile(name: string, content: string | Blob): void {
  const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  const blob = typeof content === 'string' ? new Blob([content], { type: `${type};charset=utf-8` }) : content;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  // A path's marks are no part of a file's name.
  link.download = name.replace(/[/\\:]/g, '-');
  link.click();
  // The content is read after the click returns.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
