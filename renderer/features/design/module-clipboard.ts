import { copyText } from '../../app/copy-text.ts';
import { isTextField } from '../../app/shortcuts.ts';
import { usePlaces } from '../../app/places.ts';
import { useNotices } from '../../app/notices.ts';
import { useDesign } from './design-store.ts';
import { bringKeyboard } from './keyboard.ts';

/** What was copied last: a page may write the clipboard, but read it only where the user pastes. */
let last = '';

/** By menu or palette; the keys come as the browser's own events. */
export function copyModules(): void {
  last = useDesign().copied();
  copyText(last);
}

export function cutModules(): void {
  copyModules();
  useDesign().remove();
}

export function pasteModules(): void {
  if (last === '') useNotices().tell('Nothing has been copied yet. Press Ctrl+V to paste text from elsewhere.');
  else useDesign().paste(last);
}

/** Lets the keys for cut, copy and paste work on modules while the Design place is shown. */
export function hearClipboard(): () => void {
  const take = (event: ClipboardEvent): void => {
    const design = useDesign();
    const text = design.copied();
    if (!isForModules(event) || text === '') return;
    event.preventDefault();
    event.clipboardData?.setData('text/plain', text);
    last = text;
    if (event.type === 'cut') design.remove();
  };
  const paste = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (!isForModules(event) || text.trim() === '') return;
    event.preventDefault();
    if (useDesign().paste(text)) bringKeyboard(document.activeElement);
  };
  document.addEventListener('copy', take);
  document.addEventListener('cut', take);
  document.addEventListener('paste', paste);
  return () => {
    document.removeEventListener('copy', take);
    document.removeEventListener('cut', take);
    document.removeEventListener('paste', paste);
  };
}

/** A field, a dialog and selected text have their own cut, copy and paste. */
function isForModules({ target, type }: ClipboardEvent): boolean {
  const { place, dialog } = usePlaces();
  if (place !== 'design' || dialog !== null || isTextField(target)) return false;
  return type === 'paste' || (getSelection()?.isCollapsed ?? true);
}
