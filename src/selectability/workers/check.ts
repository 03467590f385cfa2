/** The check of a set as a task: the first worker prepares the keys, and where memory is shared the others use what it prepared. */
import { createBench } from '../job.ts'
import type { Job, Outcome } from '../job.ts'
import { ownMemory } from '../keyset.ts'
import type { KeySet } from '../keyset.ts'
import type { News } from '../search.ts'
import { prepare } from '../prepare.ts'
import type { Prepared } from '../prepare.ts'
import { sharedNumbers } from './platform.ts'
import type { OpenTask } from './task.ts'

export interface CheckSetup {
  readonly keys: KeySet
  readonly tolerance: number
  /** Whether proofs are kept. */
  readonly keep: boolean
  /** What the first worker prepared; null for that one. */
  readonly prepared: PreparedElsewhere | null
}

/** What is prepared of the keys; `z` is null where it cannot be shared, so that everyone has to compute it. */
export type PreparedElsewhere = Omit<Prepared, 'keys' | 'z'> & { readonly z: Float64Array | null }

export function openCheck({
  keys,
  tolerance,
  keep,
  prepared,
}: CheckSetup): OpenTask<PreparedElsewhere, Job, Outcome, News> {
  const z = prepared?.z ?? null
  const own: Prepared = prepared !== null && z !== null ? { ...prepared, keys, z } : prepareShared(keys)
  const bench = createBench(own, tolerance, keep)
  const { count, norms, largest, centre, exponent, first, place, copies } = own
  const ready = { count, norms, largest, centre, exponent, first, place, copies, z: isShared(own.z) ? own.z : null }
  return {
    // A clone, since buffers of an answer are handed over, and the bench needs its own; shared memory stays where it is.
    ready: structuredClone(ready),
    hear: bench.hear,
    run: bench.run,
    close: bench.close,
  }
}

function prepareShared(keys: KeySet): Prepared {
  return prepare(keys, isShared(keys.data) ? sharedNumbers : ownMemory)
}

function isShared({ buffer }: Float64Array): boolean {
  return !(buffer instanceof ArrayBuffer)
}
