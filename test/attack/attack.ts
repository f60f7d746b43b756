import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { drawsFrom } from '../../core/random.ts';
import { attackCalls } from './calls.ts';
import { attackInputs } from './inputs.ts';
import { attackByKills } from './kills.ts';
import { attackSaves } from './saves.ts';
import { makeGround, Victim } from './victim.ts';

export interface AttackSettings {
  /** HTTP requests, upgrades and socket messages. */
  readonly inputs: number;
  /** Calls with the token. */
  readonly calls: number;
  /** Of saves that overlap. */
  readonly pairs: number;
  readonly kills: number;
  /** Each of the first two parts ends after so many, with what it has sent. */
  readonly minutes: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** Attacks servers of its own, on the loopback address alone, and counts what broke. */
export async function attack({ inputs, calls, pairs, kills, minutes, seed, say }: AttackSettings) {
  const draw = drawsFrom(seed);
  const ground = await makeGround();
  try {
    const victim = await Victim.start(ground);
    try {
      const sent = await attackInputs(victim, inputs, draw, timer(minutes));
      say(
        `${sent.requests} requests answered, ${sent.broken} broken ones and upgrades, ${sent.messages} messages: ${(await victim.isAlive()) ? 'alive' : 'DEAD'}`,
      );
      const called = await attackCalls(victim, ground, calls, draw, timer(minutes));
      say(
        `${called.sent} hostile calls, ${called.lost} connections lost: ${(await victim.isAlive()) ? 'alive' : 'DEAD'}`,
      );
      const saved = await attackSaves(victim, ground, pairs, draw);
      say(`${pairs} pairs of overlapping saves: ${saved.corrupt} corrupt, ${saved.refused} refused`);
      const isAlive = await victim.isAlive();
      const isSecretKept = (await readFile(ground.secret, 'utf8').catch(() => '')) === 'kept';
      const isHomeKept = await stat(path.join(ground.home, 'runs.sqlite')).then(
        () => true,
        () => false,
      );
      await victim.kill();
      const killed = await attackByKills(ground, kills, draw);
      say(
        `${kills} kills while ${killed.saves} saves were answered: ${killed.corrupt.length} corrupt, ${killed.left.length} left`,
      );
      const { deaths, complaint } = victim;
      return { sent, called, saved, killed, deaths, isAlive, isSecretKept, isHomeKept, complaint };
    } finally {
      await victim.kill();
    }
  } finally {
    await ground.remove();
  }
}

function timer(minutes: number): () => boolean {
  const end = performance.now() + minutes * 60_000;
  return () => performance.now() > end;
}
