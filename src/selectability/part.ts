/** Part of a key set: a shard's share of it, or what was decided before a check was stopped. */
import { pursue } from './async.ts'
import type { OpenKeys } from './keyset.ts'
import { keepsProofs, partOf } from './report.ts'
import { checkShard } from './shard.ts'
import { checkSignal } from './threads.ts'
import type { PartialReport, PartOptions } from './types.ts'

/** Decides the keys of a shard, or as many as there is time for. */
export async function checkPart(open: OpenKeys, options: PartOptions): Promise<PartialReport> {
  const { stop } = options
  const keep = keepsProofs(options)
  const shard = checkShard(options.shard)
  checkSignal('stop', stop)
  const { done, found } = pursue(open, options, shard, stop)
  try {
    await done
  } catch (error) {
    if (stop?.aborted !== true || error !== stop.reason) throw error
  }
  return partOf(open.keys, open.tolerance, found(), keep)
}
