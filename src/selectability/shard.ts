/** Shards: shares of the keys of one set that processes decide apart, each against all keys. */
import { describe } from '../arguments.ts'
import type { Shard } from './types.ts'

/**
 * Rows that a block of a plan spans: 32 to 256 take the same time on one thread, to 10%; 64 give 8,000 keys to a hundred jobs. A shard has
 * every so-manieth block, since keys of one length are about as hard as one another.
 */
export const blockRows = 64

/** Whether a row of the plan belongs to the share: the findings' rows, by the block that they are in. */
export function shareOf(shard: Shard | null): (row: number) => boolean {
  if (shard === null) return () => true
  const { index, count } = shard
  return (row) => Math.floor(row / blockRows) % count === index - 1
}

/** @throws TypeError for a wrong kind of thing, RangeError unless `1 <= index <= count`. */
export function checkShard(shard: unknown): Shard | null {
  if (shard === undefined) return null
  if (typeof shard !== 'object' || shard === null) {
    throw new TypeError(`shard: expected { index, count }, got ${describe(shard)}`)
  }
  const { index, count } = shard as Partial<Shard>
  for (const [name, value] of Object.entries({ index, count })) {
    if (typeof value !== 'number')
      throw new TypeError(`shard.${name}: expected an integer >= 1, got ${describe(value)}`)
  }
  const [i, n] = [index as number, count as number]
  if (!(Number.isSafeInteger(n) && n >= 1)) throw new RangeError(`shard.count: expected an integer >= 1, got ${n}`)
  if (!(Number.isSafeInteger(i) && i >= 1 && i <= n)) {
    throw new RangeError(`shard.index: expected an integer from 1 to ${n}, got ${i}`)
  }
  return { index: i, count: n }
}
