import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { useArmed } from '../../../renderer/ui/use-armed.ts';

describe('a button that is pressed twice', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function armed() {
    const elsewhere = new EventTarget();
    let isOwn = false;
    const scope = effectScope();
    const button = scope.run(() => useArmed(() => isOwn, elsewhere))!;
    button.arm();
    const press = (kind: string, own: boolean) => {
      isOwn = own;
      elsewhere.dispatchEvent(new Event(kind));
    };
    return { button, scope, press };
  }

  it('forgets the first press after some seconds', () => {
    const { button } = armed();
    expect(button.isArmed.value).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(button.isArmed.value).toBe(false);
  });

  it('takes a second press only once there was time to read what it asks', () => {
    const { button } = armed();
    expect(button.hasBeenSeen()).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(button.hasBeenSeen()).toBe(true);
    button.disarm();
    expect(button.hasBeenSeen()).toBe(false);
  });

  it('counts the seconds from the last arming', () => {
    const { button } = armed();
    vi.advanceTimersByTime(4000);
    button.arm();
    vi.advanceTimersByTime(4000);
    expect(button.isArmed.value).toBe(true);
  });

  it.each(['pointerdown', 'keydown'])('forgets it on a %s elsewhere, not on its own', (kind) => {
    const { button, press } = armed();
    press(kind, true);
    expect(button.isArmed.value).toBe(true);
    press(kind, false);
    expect(button.isArmed.value).toBe(false);
  });

  it('is not armed once it is gone', () => {
    const { button, scope } = armed();
    scope.stop();
    expect(button.isArmed.value).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
