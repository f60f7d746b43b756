import { z } from 'zod';
import { unreadable } from './unreadable.ts';

const shardIndex = z.object({ weight_map: z.record(z.string(), z.string()) });

/** An index begins with a brace. A safetensors file may too, but the length that it begins with ends in zeros. */
export function looksLikeShardIndex(head: Uint8Array): boolean {
  return head.byteLength >= 8 && head[0] === 0x7b && !head.subarray(0, 8).includes(0);
}

/**
 * Names of the tensors in each shard of a network that lies in several files: `model.safetensors.index.json`. Shards lie
 * beside their index. Throws a FailureError for anything else.
 */
export function readShardIndex(text: string): ReadonlyMap<string, readonly string[]> {
  const parsed = shardIndex.safeParse(parse(text));
  if (!parsed.success) return refuse('it has no weight_map with the file of each tensor');
  const shards = new Map<string, string[]>();
  for (const [name, file] of Object.entries(parsed.data.weight_map)) {
    if (file === '' || file === '..' || /[/\\\0]/.test(file))
      refuse(`it names the file "${file}", which is not beside it`);
    const names = shards.get(file);
    if (names === undefined) shards.set(file, [name]);
    else names.push(name);
  }
  return shards.size > 0 ? shards : refuse('its weight_map is empty');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('it is not JSON');
  }
}

function refuse(why: string): never {
  throw unreadable('index of shards', why);
}
