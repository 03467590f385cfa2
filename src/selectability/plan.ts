/**
 * The plan of a check: rounds of jobs that can run in any order, and at the same time.
 *
 * A key is decided fastest when many vertices are known before. So the keys of large norm, most of which are vertices, come first, in rounds
 * that grow with what is known: what a round finds, the next begins with. The other keys are decided in blocks that begin
 * with what these rounds found and know nothing of one another. So a proof depends on the keys alone, and not on who runs a
 * job, on how many run at once, or on which blocks a process was asked for.
 */
import { chunkKeys } from './gram.ts'
import type { Job, Outcome } from './job.ts'
import type { PackedProofs } from './packed.ts'
import type { Moves } from './pool.ts'
import type { Frame } from './prepare.ts'
import type { Round } from './rounds.ts'

type CheckRound = Round<Job, Outcome, Moves>

/** What a plan has found. Where a key is in no block, the Gram pass's own query proves it. */
export interface Findings {
  /** For each key, or each distinct key where there is no bias, the block that has its proof, and its place there. */
  readonly block: Int32Array
  readonly place: Int32Array
  readonly blocks: PackedProofs[]
}

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
export const blockRows = 64

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
export function* planBiased(n: number, findings: Findings): Generator<CheckRound, void> {
  const all = Int32Array.from({ length: n }, (_, i) => i)
  const blocks = split(all, blockRows)
  yield {
    phase: 'walk',
    before: 0,
    shares: blocks.map((keys) => keys.length),
    news: null,
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
export function* plan(frame: Frame, findings: Findings): Generator<CheckRound, void> {
  const { count, copies } = frame
  const rival = new Int32Array(count).fill(-1)
  yield* gramRound(frame, rival)
  const open = Int32Array.from(rival.keys()).filter((v) => copies[v] > 1 || rival[v] >= 0)
  if (open.length === 0) return
  const rows = Math.min(count, firstRows)
  const first = open.filter((v) => v < rows).subarray(0, firstKeys)
  const walks = walksOf(frame, open, rival, findings)
  let moves = noMoves
  for (let from = 0; from < first.length;) {
    const keys = first.subarray(from, from + Math.max(roundJob * 2, Math.ceil(from / 2)))
    moves = yield* walks(split(keys, roundJob), moves)
    from += keys.length
  }
  const blocks = splitRows(open.subarray(first.length))
  if (blocks.length > 0) yield* walks(blocks, moves)
}

function* gramRound({ count, keys: { n } }: Frame, rival: Int32Array): Generator<CheckRound, void> {
  const starts = Array.from({ length: Math.ceil(count / chunkKeys) }, (_, at) => at * chunkKeys)
  const ends = starts.map((from) => Math.min(count, from + chunkKeys))
  yield {
    phase: 'gram',
    before: 0,
    shares: starts.map((from, at) => n * ((ends[at] / count) ** 2 - (from / count) ** 2)),
    news: null,
    jobs: starts.map((from, at) => ({ kind: 'gram', from, to: ends[at] })),
    take: (_, outcome) => {
      if (outcome.kind !== 'gram') throw new TypeError(`job: expected rivals, got ${outcome.kind}`)
      // Of a key that several jobs find beaten, the rival of the least number counts, whatever their order.
      outcome.keys.forEach((v, at) => {
        const by = outcome.rivals[at]
        if (rival[v] < 0 || by < rival[v]) rival[v] = by
      })
    },
  }
}

/** Rounds of walks, each of which returns the moves of its jobs, in their order. */
function walksOf(
  { keys: { n }, copies }: Frame,
  open: Int32Array,
  rival: Int32Array,
  findings: Findings,
): (blocks: readonly Int32Array[], moves: Moves) => Generator<CheckRound, Moves> {
  const size = (keys: Int32Array): number => keys.reduce((sum, v) => sum + copies[v], 0)
  let before = n - size(open)
  // A key with copies may have no rival.
  const rivalOf = (v: number): number => (rival[v] >= 0 ? rival[v] : v === 0 ? 1 : 0)
  return function* (blocks, moves) {
    const found: Moves[] = blocks.map(() => noMoves)
    const shares = blocks.map(size)
    yield {
      phase: 'walk',
      before,
      shares,
      news: moves,
      jobs: blocks.map((keys) => ({ kind: 'walk', keys, rivals: keys.map(rivalOf) })),
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
export function planFor(frame: Frame): { rounds: Generator<CheckRound, void>; findings: Findings } {
  const { keys, count } = frame
  const findings = createFindings(keys.bias === null ? count : keys.n)
  const rounds = keys.bias === null ? plan(frame, findings) : planBiased(keys.n, findings)
  return { rounds, findings }
}
