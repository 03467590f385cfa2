/**
 * A whole key set: the Gram pass decides most keys, a walk to the nearest hull point most of the others, exact arithmetic the rest.
 */
import { exactSolver } from './exactly.ts'
import { solveBiased } from './biased.ts'
import { closestRivals } from './gram.ts'
import { checkIndex } from './keyset.ts'
import type { KeySet, OpenKeys } from './keyset.ts'
import { moveToKnown } from './pool.ts'
import { acceptanceGap, prepare } from './prepare.ts'
import type { Prepared } from './prepare.ts'
import { toCertificate } from './proof.ts'
import type { Proof } from './proof.ts'
import { createSearches } from './search.ts'
import { solveAlone, solveKey } from './solve.ts'
import type { Certificate, Progress, Report, SelectabilityOptions, Verdict } from './types.ts'

/** Keys decided between two reports of progress. */
const stride = 64

/** The Gram pass leaves shorter keys open: the squares of their coordinates would underflow, and with them the bound. */
const shortest = 2 ** -500

/** The proofs of all distinct keys, by the distinct key's index; null stands for the Gram pass's own query, row v of `prepared.z`. */
function proveAll(prepared: Prepared, tolerance: number, onProgress: Progress): (Proof | null)[] {
  const { keys, z, count, norms, copies } = prepared
  const { n, d } = keys
  const proofs = new Array<Proof | null>(count).fill(null)
  const { product, rival } = closestRivals(z, count, d)
  const open: number[] = []
  const settled: number[] = []
  for (let v = 0; v < count; v++) {
    const gap = norms[v] * norms[v] - product[v]
    const proven = norms[v] > shortest && gap > acceptanceGap(prepared, v, tolerance) * norms[v]
    if (proven) settled.push(v)
    if (copies[v] > 1 || !proven) open.push(v)
  }
  onProgress(n - open.length, n)
  if (open.length === 0) return proofs
  const searches = createSearches(prepared, tolerance, true)
  for (const v of settled) moveToKnown(searches.narrow.pool, v)
  const exact = exactSolver(keys)
  open.sort((a, b) => norms[b] - norms[a])
  open.forEach((v, at) => {
    proofs[v] = solveKey(searches, v, rival[v], tolerance, exact)
    if (at % stride === 0) onProgress(n - open.length + at, n)
  })
  return proofs
}

function certifyCopy(prepared: Prepared, j: number, proof: Proof | null): Proof {
  const { place, z, keys, first } = prepared
  const v = place[j]
  if (proof === null) return { verdict: 'selectable', query: z.slice(v * keys.d, (v + 1) * keys.d) }
  if (proof.verdict === 'selectable' || 'simplex' in proof || !proof.support.includes(j)) return proof
  return { ...proof, support: proof.support.map((s) => (s === j ? first[v] : s)) }
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

/** Decides every key; complexity O(n²·d) for the Gram pass, and per remaining key the walk's O(steps·n·d). */
export function checkKeys({ keys, tolerance }: OpenKeys, options: SelectabilityOptions): Report {
  const { certificates: keep = true, onProgress = () => undefined } = options
  if (typeof keep !== 'boolean') throw new TypeError(`certificates: expected a boolean, got ${typeof keep}`)
  const { n, d } = keys
  const proofOf = proveSet(keys, tolerance, onProgress)
  const verdicts: Verdict[] = []
  const counts = { selectable: 0, tied: 0, unselectable: 0 }
  for (let i = 0; i < n; i++) {
    const { verdict } = proofOf(i)
    verdicts.push(verdict)
    counts[verdict]++
  }
  onProgress(n, n)
  const certificate = (index: number): Certificate => {
    const i = checkIndex(index, n)
    return toCertificate(keys, i, proofOf(i), tolerance)
  }
  const refuse = (): never => {
    throw new RangeError('certificates: the report was asked for without them (certificates: false)')
  }
  return { n, d, tolerance, verdicts, counts, certificate: keep ? certificate : refuse }
}

function proveSet(keys: KeySet, tolerance: number, onProgress: Progress): (i: number) => Proof {
  if (keys.n === 1) return () => single(keys)
  const prepared = prepare(keys)
  if (prepared.count === 1) return (i) => proveEqual(keys, i)
  if (keys.bias !== null) {
    const exact = exactSolver(keys)
    const { narrow } = createSearches(prepared, tolerance, false)
    const proofs: Proof[] = []
    for (let i = 0; i < keys.n; i++) {
      proofs.push(solveBiased(narrow, i, tolerance, exact))
      if (i % stride === 0) onProgress(i, keys.n)
    }
    return (i) => proofs[i]
  }
  const proofs = proveAll(prepared, tolerance, onProgress)
  return (i) => certifyCopy(prepared, i, proofs[prepared.place[i]])
}
