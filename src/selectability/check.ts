/**
 * A whole key set: the Gram pass decides most keys, a walk to the nearest hull point most of the others, exact arithmetic the rest.
 */
import { solveBiased } from './biased.ts'
import { exactSolver } from './exactly.ts'
import { createBench } from './job.ts'
import { checkIndex } from './keyset.ts'
import type { KeySet, OpenKeys } from './keyset.ts'
import { packedVerdict, unpackProof } from './packed.ts'
import { planFor } from './plan.ts'
import type { Findings } from './plan.ts'
import { centredKey, prepare } from './prepare.ts'
import type { Frame, Prepared } from './prepare.ts'
import { createReporter } from './progress.ts'
import type { Reporter } from './progress.ts'
import { toCertificate } from './proof.ts'
import type { Proof } from './proof.ts'
import { createSearches } from './search.ts'
import { solveAlone } from './solve.ts'
import type { Certificate, Report, SelectabilityOptions, Verdict } from './types.ts'

/** The proof of a distinct key, made one of its copy j: key j cannot support itself. */
function certifyCopy({ place, first }: Frame, j: number, proof: Proof): Proof {
  if (proof.verdict === 'selectable' || 'simplex' in proof || !proof.support.includes(j)) return proof
  return { ...proof, support: proof.support.map((s) => (s === j ? first[place[j]] : s)) }
}

/** All keys equal: tied by any query. */
function proveEqual(keys: KeySet, i: number): Proof {
  const query = new Float64Array(keys.d)
  query[0] = 1
  return { verdict: 'tied', query, support: Uint32Array.of(i === 0 ? 1 : 0), weights: Float64Array.of(1), exact: false }
}

function single(keys: KeySet): Proof {
  const query = new Float64Array(keys.d)
  query[0] = 1
  return { verdict: 'selectable', query }
}

/** Proves one key of a set. */
export function certifyKey({ keys, tolerance }: OpenKeys, index: number): Certificate {
  const i = checkIndex(index, keys.n)
  return toCertificate(keys, i, proveOne(keys, i, tolerance), tolerance)
}

function proveOne(keys: KeySet, i: number, tolerance: number): Proof {
  if (keys.n === 1) return single(keys)
  const prepared = prepare(keys)
  if (prepared.count === 1) return proveEqual(keys, i)
  if (keys.bias !== null) {
    return solveBiased(createSearches(prepared, tolerance, false).narrow, i, tolerance, exactSolver(keys))
  }
  return certifyCopy(prepared, i, solveAlone(prepared, i, tolerance))
}

/** What a check has found: verdicts, and the proofs where they were kept. */
interface Proven {
  readonly verdict: (i: number) => Verdict
  readonly proof: (i: number) => Proof
}

/** Decides every key; complexity O(n²·d) for the Gram pass, and per remaining key the walk's O(steps·n·d). */
export function checkKeys({ keys, tolerance }: OpenKeys, options: SelectabilityOptions): Report {
  const { certificates: keep = true, onProgress = () => undefined } = options
  if (typeof keep !== 'boolean') throw new TypeError(`certificates: expected a boolean, got ${typeof keep}`)
  const reporter = createReporter(keys.n, onProgress)
  const proven = trivial(keys) ?? proveSet(prepare(keys), tolerance, keep, reporter)
  reporter.finish()
  return reportOf(keys, tolerance, proven, keep)
}

function reportOf(keys: KeySet, tolerance: number, proven: Proven, keep: boolean): Report {
  const { n, d } = keys
  const verdicts = Array.from({ length: n }, (_, i) => proven.verdict(i))
  const counts = { selectable: 0, tied: 0, unselectable: 0 }
  for (const verdict of verdicts) counts[verdict]++
  const certificate = (index: number): Certificate => {
    const i = checkIndex(index, n)
    return toCertificate(keys, i, proven.proof(i), tolerance)
  }
  const refuse = (): never => {
    throw new RangeError('certificates: the report was asked for without them (certificates: false)')
  }
  return { n, d, tolerance, verdicts, counts, certificate: keep ? certificate : refuse }
}

/** A single key. */
function trivial(keys: KeySet): Proven | null {
  return keys.n === 1 ? { verdict: () => 'selectable', proof: () => single(keys) } : null
}

function proveSet(prepared: Prepared, tolerance: number, keep: boolean, reporter: Reporter): Proven {
  const { keys } = prepared
  if (prepared.count === 1) return { verdict: () => 'tied', proof: (i) => proveEqual(keys, i) }
  const bench = createBench(prepared, tolerance, keep)
  const { rounds, findings } = planFor(prepared)
  for (const { phase, before, shares, moves, jobs, take } of rounds) {
    reporter.round(phase, before)
    if (moves !== null) bench.announce(moves)
    jobs.forEach((job, at) => {
      take(at, bench.run(job))
      reporter.advance(shares[at])
    })
  }
  bench.close()
  return readFindings(prepared, findings)
}

function readFindings(frame: Frame, { block, place, blocks }: Findings): Proven {
  const { keys, place: distinct } = frame
  const at = (i: number): number => (keys.bias === null ? distinct[i] : i)
  return {
    verdict: (i) => {
      const v = at(i)
      return block[v] < 0 ? 'selectable' : packedVerdict(blocks[block[v]], place[v])
    },
    proof: (i) => {
      const v = at(i)
      if (block[v] < 0) return { verdict: 'selectable', query: centredKey(frame, v) }
      const proof = unpackProof(blocks[block[v]], place[v], keys.d)
      return keys.bias === null ? certifyCopy(frame, i, proof) : proof
    },
  }
}
