/**
 * The jobs that a check consists of. A job is pure: what it returns depends on the keys, on the moves that the plan has
 * announced, and on its own arguments, never on who runs it or on the jobs before it.
 */
import { solveBiased } from './biased.ts'
import { solveKeys } from './decide.ts'
import { exactSolver } from './exactly.ts'
import { createGram } from './gram.ts'
import type { Beaten } from './comparisons.ts'
import type { Gram } from './gram.ts'
import { packProofs } from './packed.ts'
import type { PackedProofs } from './packed.ts'
import { gramCeilings } from './acceptance.ts'
import type { Prepared } from './prepare.ts'
import type { Proof } from './proof.ts'
import { announce, createSearches, forgetting, noNews } from './search.ts'
import type { News, Searches } from './search.ts'
import type { Hand } from './workers/task.ts'

/** Distinct keys `[from, to)` compared with those before them. */
export interface GramJob {
  readonly kind: 'gram'
  readonly from: number
  readonly to: number
}

/** Distinct keys to be decided one by one, each with the rival that its walk starts from. */
export interface WalkJob {
  readonly kind: 'walk'
  readonly keys: Int32Array
  readonly rivals: Int32Array
}

/** Keys to be decided under a bias. */
export interface BiasedJob {
  readonly kind: 'biased'
  readonly keys: Int32Array
}

export type Job = GramJob | WalkJob | BiasedJob

export type Outcome =
  | ({ readonly kind: 'gram' } & Beaten)
  | { readonly kind: 'proofs'; readonly proofs: PackedProofs; readonly moves: News }

/** Runs jobs on one key set; it hears of points that the plan has found to be vertices, or in the hull of others. */
export interface Bench extends Hand<Job, Outcome, News> {
  /** Gives back what the next key set can use again; no job may follow. */
  readonly close: () => void
}

/** @param keep whether outcomes hold proofs, or verdicts alone. */
export function createBench(prepared: Prepared, tolerance: number, keep: boolean): Bench {
  const { z, count, keys, norms } = prepared
  const exact = exactSolver(keys)
  let gram: Gram | null = null
  let searches: Searches | null = null
  const search = (): Searches => {
    gram?.close()
    gram = null
    return (searches ??= createSearches(prepared, tolerance, keys.bias === null))
  }
  const walk = ({ keys: open, rivals }: WalkJob): Outcome => {
    const both = search()
    const solve = (): Proof[] => solveKeys(both, open, rivals, tolerance, exact, keep)
    const { result, moves } = forgetting(both.narrow, solve)
    return { kind: 'proofs', proofs: packProofs(result, keep), moves }
  }
  return {
    hear: (moves) => announce(search().narrow, moves),
    run: (job) => {
      if (job.kind === 'gram') {
        gram ??= createGram({ z, n: count, d: keys.d, norms, ceilings: gramCeilings(prepared, tolerance) })
        return { kind: 'gram', ...gram.compare(job.from, job.to) }
      }
      if (job.kind === 'walk') return walk(job)
      const { narrow } = search()
      const proofs = Array.from(job.keys, (i) => solveBiased(narrow, i, tolerance, exact))
      return { kind: 'proofs', proofs: packProofs(proofs, keep), moves: noNews }
    },
    close: () => {
      gram?.close()
      searches?.close()
    },
  }
}
