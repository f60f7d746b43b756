/** Pixels the pointer moves before a press becomes a drag. */
const threshold = 5;

/** Runs `begin` once the pressed pointer has moved far enough to mean a drag. */
export function whenDragged({ clientX, clientY }: PointerEvent, begin: (moved: PointerEvent) => void): void {
  const move = (moved: PointerEvent): void => {
    if (Math.hypot(moved.clientX - clientX, moved.clientY - clientY) < threshold) return;
    release();
    begin(moved);
  };
  const release = (): void => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', release);
    window.removeEventListener('pointercancel', release);
  };
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', release);
  window.addEventListener('pointercancel', release);
}
