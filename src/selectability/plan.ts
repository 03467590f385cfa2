/**
 * The plan of a check: rounds of jobs that can run in any order, and at the same time.
 *
 * A key is decided fastest when many vertices are known before. So the keys of large norm, most of which are vertices, come first, in rounds
 * that grow with what is known: what a round finds, the next begins with. The other keys are decided in blocks that begin
 * with what these rounds found and know nothing of one another. So a proof depends on the keys alone, and not on who runs a
 * job, on how many run at once, or on which blocks a process was asked for.
 */
import { emptyClosest, mergeStrip } from './gram.ts'
import type { Closest } from './gram.ts'
import type { Job, Outcome } from './job.ts'
import type { PackedProofs } from './packed.ts'
import type { Moves } from './pool.ts'
import { acceptanceGap } from './prepare.ts'
import type { Frame } from './prepare.ts'
import type { Progress } from './types.ts'

/** Jobs that may run in any order; `take` has the outcome of each as soon as it is there. */
export interface Round {
  readonly phase: Progress['phase']
  /** Keys that this phase had done before the round, and how many each job does; parts of keys in the Gram pass. */
  readonly before: number
  readonly shares: readonly number[]
  /** What every job of this round and of those after it knows. */
  readonly moves: Moves | null
  readonly jobs: readonly Job[]
  readonly take: (at: number, outcome: Outcome) => void
}

/** What a plan has found. Where a key is in no block, the Gram pass's own query proves it. */
export interface Findings {
  /** For each key, or each distinct key where there is no bias, the block that has its proof, and its place there. */
  readonly block: Int32Array
  readonly place: Int32Array
  readonly blocks: PackedProofs[]
}

/** Rows of a strip of the Gram matrix, and the most strips: each returns two numbers for every row from its first on. */
const stripRows = 256
const mostStrips = 64

/**
 * The growing rounds decide at most so many keys, of so many rows. Anything from 0 to all keys takes the same time on one thread, to 10%,
 * on heavy and Gaussian sets of 1,024 to 6,000 keys in 8 to 64 dimensions. More keys would leave less to do at the same time; more rows
 * would cost every shard more, which has to run these rounds itself: 1,024 are 2% of the Gram matrix of 50,000 keys.
 */
const firstRows = 1024
const firstKeys = 512

/** Keys of a job in a growing round: 8 to 32 take the same time, and fewer keep more threads busy. */
const roundJob = 16

/** Rows that a block spans: 32 to 256 take the same time on one thread, to 10%; 64 give 8,000 keys to a hundred jobs. */
const blockRows = 64

/** The Gram pass leaves shorter keys open: the squares of their coordinates would underflow, and with them the bound. */
const shortest = 2 ** -500

const noMoves: Moves = { known: new Int32Array(0), hull: new Int32Array(0) }

function createFindings(n: number): Findings {
  return { block: new Int32Array(n).fill(-1), place: new Int32Array(n), blocks: [] }
}

/** Keeps the proofs of a job. */
function keep({ block, place, blocks }: Findings, keys: Int32Array, outcome: Outcome): Moves {
  if (outcome.kind !== 'proofs') throw new TypeError(`job: expected proofs, got ${outcome.kind}`)
  const id = blocks.push(outcome.proofs) - 1
  keys.forEach((v, at) => {
    block[v] = id
    place[v] = at
  })
  return outcome.moves
}

/** The plan for keys under a bias: blocks of keys, in their own order. */
export function* planBiased(n: number, findings: Findings): Generator<Round, void> {
  const all = Int32Array.from({ length: n }, (_, i) => i)
  const blocks = split(all, blockRows)
  yield {
    phase: 'walk',
    before: 0,
    shares: blocks.map((keys) => keys.length),
    moves: null,
    jobs: blocks.map((keys) => ({ kind: 'biased', keys })),
    take: (at, outcome) => keep(findings, blocks[at], outcome),
  }
}

function split(keys: Int32Array, size: number): Int32Array[] {
  return Array.from({ length: Math.ceil(keys.length / size) }, (_, at) => keys.subarray(at * size, (at + 1) * size))
}

/** Keys of the same `blockRows` rows together. */
function splitRows(keys: Int32Array): Int32Array[] {
  const blocks: Int32Array[] = []
  for (let from = 0, to = 1; from < keys.length; from = to++) {
    while (to < keys.length && Math.floor(keys[to] / blockRows) === Math.floor(keys[from] / blockRows)) to++
    blocks.push(keys.subarray(from, to))
  }
  return blocks
}

/** The plan for distinct keys without a bias. */
export function* plan(frame: Frame, tolerance: number, findings: Findings): Generator<Round, void> {
  const { count, norms, copies } = frame
  const closest = emptyClosest(count)
  yield* gramRound(frame, closest)
  const proven = norms.map((norm, v) => {
    const gap = norm * norm - closest.product[v]
    return Number(norm > shortest && gap > acceptanceGap(frame, v, tolerance) * norm)
  })
  const open = Int32Array.from(norms.keys()).filter((v) => copies[v] > 1 || proven[v] === 0)
  if (open.length === 0) return
  const rows = Math.min(count, firstRows)
  const first = open.filter((v) => v < rows).subarray(0, firstKeys)
  const walks = walksOf(frame, open, closest, findings)
  let moves = noMoves
  for (let from = 0; from < first.length;) {
    const keys = first.subarray(from, from + Math.max(roundJob * 2, Math.ceil(from / 2)))
    moves = yield* walks(split(keys, roundJob), moves)
    from += keys.length
  }
  const blocks = splitRows(open.subarray(first.length))
  if (blocks.length > 0) yield* walks(blocks, moves)
}

function* gramRound({ count, keys: { n } }: Frame, closest: Closest): Generator<Round, void> {
  const rows = stripRows * Math.ceil(count / mostStrips / stripRows)
  const jobs: Job[] = []
  const starts: number[] = []
  for (let from = 0; from < count; from += rows) {
    starts.push(from)
    jobs.push({ kind: 'gram', from, to: Math.min(count, from + rows) })
  }
  const take = (at: number, outcome: Outcome): void => {
    if (outcome.kind !== 'gram') throw new TypeError(`job: expected products, got ${outcome.kind}`)
    mergeStrip(closest, starts[at], outcome)
  }
  const pairs = (from: number): number => ((count - from) / count) ** 2
  const shares = starts.map((from) => n * (pairs(from) - pairs(Math.min(count, from + rows))))
  yield { phase: 'gram', before: 0, shares, moves: null, jobs, take }
}

/** Rounds of walks, each of which returns the moves of its jobs, in their order. */
function walksOf(
  { keys: { n }, copies }: Frame,
  open: Int32Array,
  { rival }: Closest,
  findings: Findings,
): (blocks: readonly Int32Array[], moves: Moves) => Generator<Round, Moves> {
  const size = (keys: Int32Array): number => keys.reduce((sum, v) => sum + copies[v], 0)
  let before = n - size(open)
  return function* (blocks, moves) {
    const found: Moves[] = blocks.map(() => noMoves)
    const shares = blocks.map(size)
    yield {
      phase: 'walk',
      before,
      shares,
      moves,
      jobs: blocks.map((keys) => ({ kind: 'walk', keys, rivals: keys.map((v) => rival[v]) })),
      take: (at, outcome) => {
        found[at] = keep(findings, blocks[at], outcome)
      },
    }
    before += shares.reduce((sum, share) => sum + share, 0)
    const joined = (name: keyof Moves): Int32Array => Int32Array.from(found.flatMap((each) => Array.from(each[name])))
    return { known: joined('known'), hull: joined('hull') }
  }
}

/** The plan of a check, and where its rounds leave what they find. */
export function planFor(frame: Frame, tolerance: number): { rounds: Generator<Round, void>; findings: Findings } {
  const { keys, count } = frame
  const findings = createFindings(keys.bias === null ? count : keys.n)
  const rounds = keys.bias === null ? plan(frame, tolerance, findings) : planBiased(keys.n, findings)
  return { rounds, findings }
}
