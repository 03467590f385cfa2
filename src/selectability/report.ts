/** From what a plan found to the report: verdicts, counts, and certificates made when they are asked for. */
import { describe } from '../arguments.ts'
import { checkIndex } from './keyset.ts'
import type { KeySet } from './keyset.ts'
import { packedVerdict, unpackProof } from './packed.ts'
import type { Plan } from './plan.ts'
import { centredKey } from './prepare.ts'
import type { Frame } from './prepare.ts'
import { toCertificate } from './proof.ts'
import type { Proof } from './proof.ts'
import type { Certificate, PartialReport, Report, SelectabilityOptions, Verdict } from './types.ts'

/** What a check has found: verdicts of the keys that are settled, and proofs where they were kept. */
export interface Proven {
  /** How many keys it is to settle. */
  readonly total: number
  readonly settled: (i: number) => boolean
  readonly verdict: (i: number) => Verdict
  readonly proof: (i: number) => Proof
}

/** The proof of a distinct key, made one of its copy j: key j cannot support itself. */
export function certifyCopy({ place, first }: Frame, j: number, proof: Proof): Proof {
  if (proof.verdict === 'selectable' || 'simplex' in proof || !proof.support.includes(j)) return proof
  return { ...proof, support: proof.support.map((s) => (s === j ? first[place[j]] : s)) }
}

/** All keys equal: tied by any query. */
export function proveEqual(keys: KeySet, i: number): Proof {
  const query = new Float64Array(keys.d)
  query[0] = 1
  return { verdict: 'tied', query, support: Uint32Array.of(i === 0 ? 1 : 0), weights: Float64Array.of(1), exact: false }
}

/** A single key: selectable by any query. */
export function proveSingle(keys: KeySet): Proof {
  const query = new Float64Array(keys.d)
  query[0] = 1
  return { verdict: 'selectable', query }
}

/** What needs no plan: a single key, or, once the distinct ones are counted, equal keys; else null. */
export function provenAtOnce(keys: KeySet, count: number | null): Proven | null {
  const all = { total: keys.n, settled: () => true }
  if (keys.n === 1) return { ...all, verdict: () => 'selectable', proof: () => proveSingle(keys) }
  return count === 1 ? { ...all, verdict: () => 'tied', proof: (i) => proveEqual(keys, i) } : null
}

/** What a plan has found, by the keys' own indices. */
export function readFindings(frame: Frame, { findings, isMine, total }: Plan): Proven {
  const { settled, block, place, blocks } = findings
  const { keys, place: distinct } = frame
  const at = (i: number): number => (keys.bias === null ? distinct[i] : i)
  return {
    total,
    settled: (i) => settled[at(i)] === 1 && isMine(at(i)),
    verdict: (i) => {
      const v = at(i)
      return block[v] < 0 ? 'selectable' : packedVerdict(blocks[block[v]], place[v])
    },
    proof: (i) => {
      const v = at(i)
      if (block[v] < 0) return { verdict: 'selectable', query: centredKey(frame, frame.first[v]) }
      const proof = unpackProof(blocks[block[v]], place[v], keys.d)
      return keys.bias === null ? certifyCopy(frame, i, proof) : proof
    },
  }
}

/** Whether proofs are to be kept. */
export function keepsProofs({ certificates = true }: SelectabilityOptions): boolean {
  if (typeof certificates !== 'boolean')
    throw new TypeError(`certificates: expected true or false, got ${describe(certificates)}`)
  return certificates
}

export function reportOf(keys: KeySet, tolerance: number, proven: Proven, keep: boolean): Report {
  const { n, d } = keys
  const verdicts: Verdict[] = []
  for (let i = 0; i < n; i++) verdicts.push(proven.verdict(i))
  return { n, d, tolerance, verdicts, counts: count(verdicts), certificate: certifier(keys, tolerance, proven, keep) }
}

/** The report on the keys that are settled; `null` where it is not yet known which are to be. */
export function partOf(keys: KeySet, tolerance: number, proven: Proven | null, keep: boolean): PartialReport {
  const { n, d } = keys
  const decided = Uint32Array.from({ length: n }, (_, i) => i).filter((i) => proven?.settled(i) === true)
  const verdicts = proven === null ? [] : Array.from(decided, (i) => proven.verdict(i))
  const certificate = proven === null ? refuseUndecided : certifier(keys, tolerance, proven, keep)
  const complete = decided.length === proven?.total
  return { n, d, tolerance, keys: decided, verdicts, counts: count(verdicts), complete, certificate }
}

function count(verdicts: readonly Verdict[]): Record<Verdict, number> {
  const counts = { selectable: 0, tied: 0, unselectable: 0 }
  for (const verdict of verdicts) counts[verdict]++
  return counts
}

function refuseUndecided(i: number): never {
  throw new RangeError(`i: expected a key that is decided, got ${i}`)
}

function certifier(keys: KeySet, tolerance: number, proven: Proven, keep: boolean): (i: number) => Certificate {
  return (index) => {
    if (!keep) throw new RangeError('certificates: the report was asked for without them (certificates: false)')
    const i = checkIndex(index, keys.n)
    return proven.settled(i) ? toCertificate(keys, i, proven.proof(i), tolerance) : refuseUndecided(i)
  }
}
