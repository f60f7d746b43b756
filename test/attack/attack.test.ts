import { expect, it } from 'vitest';
import { attack } from './attack.ts';

/** A small part of `npm run attack`. */
it('nothing that strangers or clients send ends the server or damages a file', async () => {
  const found = await attack({
    inputs: 5000,
    calls: 1000,
    pairs: 5,
    kills: 2,
    minutes: 1,
    seed: 3,
    say: () => undefined,
  });
  expect(found).toMatchObject({
    deaths: 0,
    isAlive: true,
    isSecretKept: true,
    isHomeKept: true,
    called: { mistakes: [], lost: 0 },
    saved: { corrupt: 0, refused: 0 },
    killed: { corrupt: [], left: [] },
  });
});
