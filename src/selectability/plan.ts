/**
 * The plan of a check: rounds of jobs that can run in any order, and at the same time.
 *
 * A key is decided fastest when many vertices are known before. So the keys of large norm, most of which are vertices, come first, in rounds
 * that grow with what is known: what a round finds, the next begins with. The other keys are decided in blocks that begin
 * with what these rounds found and know nothing of one another. So a proof depends on the keys alone, and not on who runs a
 * job, on how many run at once, or on which blocks a process was asked for: a shard runs the Gram pass and the growing rounds, like all
 * others, and then its own blocks.
 */
import { chunkKeys } from './gram.ts'
import type { Job, Outcome } from './job.ts'
import { join } from './packed.ts'
import type { PackedProofs } from './packed.ts'
import { noNews } from './search.ts'
import type { News } from './search.ts'
import type { Frame } from './prepare.ts'
import type { Round } from './rounds.ts'
import { blockRows, shareOf } from './shard.ts'
import type { Shard } from './types.ts'

type CheckRound = Round<Job, Outcome, News>

/** What a plan has found. Where a settled key is in no block, the Gram pass's own query proves it. */
export interface Findings {
  /** 1 for each key, or each distinct key where there is no bias, that is decided. */
  readonly settled: Uint8Array
  /** For each of them the block that has its proof, and its place there. */
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
/** Keys of the first round. Of 128 or of 32: the same time on one thread, and a hundredth less on two, which wait for each other three times instead of five. */
const firstRound = 128

/**
 * Keys of a job in a growing round: 8 to 32 take the same time, and fewer keep more threads busy. A set of one block is no work to share, and
 * its jobs would take longer to hand out than to do. Nor are keys of few numbers, of which a job tries each in the simplices of those before it: with
 * 64 a job 1,024 heavy keys of 8 numbers take 0.9 of the time.
 */
const roundJob = 16
const manyNumbers = 16

function createFindings(n: number): Findings {
  return {
    settled: new Uint8Array(n),
    block: new Int32Array(n).fill(-1),
    place: new Int32Array(n),
    blocks: [],
  }
}

/** Keeps the proofs of a job. */
function keep({ settled, block, place, blocks }: Findings, keys: Int32Array, outcome: Outcome): News {
  if (outcome.kind !== 'proofs') throw new TypeError(`job: expected proofs, got ${outcome.kind}`)
  const id = blocks.push(outcome.proofs) - 1
  for (let at = 0; at < keys.length; at++) {
    const v = keys[at]
    block[v] = id
    place[v] = at
    settled[v] = 1
  }
  return outcome.moves
}

/** The plan for keys under a bias: blocks of keys, in their own order. */
function* planBiased(n: number, findings: Findings, isMine: (row: number) => boolean): Generator<CheckRound, void> {
  const blocks = split(firstIntegers(n), blockRows).filter(([row]) => isMine(row))
  yield {
    phase: 'walk',
    before: 0,
    shares: blocks.map((keys) => keys.length),
    news: null,
    jobs: blocks.map((keys) => ({ kind: 'biased', keys })),
    take: (at, outcome) => keep(findings, blocks[at], outcome),
  }
}

function firstIntegers(n: number): Int32Array {
  const integers = new Int32Array(n)
  for (let i = 0; i < n; i++) integers[i] = i
  return integers
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

/** The plan for distinct keys without a bias; `size` is how many keys of the share some distinct ones are. */
function* planDistinct(
  frame: Frame,
  findings: Findings,
  isMine: (row: number) => boolean,
  size: (keys: Int32Array) => number,
  total: number,
): Generator<CheckRound, void> {
  const { d } = frame.keys
  const { count, copies } = frame
  const rival = new Int32Array(count).fill(-1)
  yield* gramRound(count, total, rival)
  const open = new Int32Array(count)
  let opened = 0
  let early = 0
  for (let v = 0; v < count; v++) {
    if (copies[v] > 1 || rival[v] >= 0) open[opened++] = v
    else findings.settled[v] = 1
    if (v < firstRows) early = Math.min(firstKeys, opened)
  }
  const first = open.subarray(0, early)
  const others = open.subarray(early, opened).filter(isMine)
  const walks = walksOf(size, total - size(first) - size(others), rival, findings)
  const jobKeys = count <= blockRows || d < manyNumbers ? blockRows : roundJob
  let moves = noNews
  for (let from = 0; from < first.length;) {
    const keys = first.subarray(from, from + Math.max(firstRound, from))
    moves = yield* walks(split(keys, jobKeys), moves)
    from += keys.length
  }
  // The shortest keys take longest: begun last, one of their blocks would keep all but one thread waiting at the end.
  const blocks = splitRows(others).reverse()
  if (blocks.length > 0) yield* walks(blocks, moves)
}

function* gramRound(count: number, total: number, rival: Int32Array): Generator<CheckRound, void> {
  // The last keys are compared with most: begun last, they would keep all but one thread waiting at the end.
  const starts = Array.from({ length: Math.ceil(count / chunkKeys) }, (_, at) => at * chunkKeys).reverse()
  const ends = starts.map((from) => Math.min(count, from + chunkKeys))
  yield {
    phase: 'gram',
    before: 0,
    shares: starts.map((from, at) => total * ((ends[at] / count) ** 2 - (from / count) ** 2)),
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
  size: (keys: Int32Array) => number,
  settledBefore: number,
  rival: Int32Array,
  findings: Findings,
): (blocks: readonly Int32Array[], moves: News) => Generator<CheckRound, News> {
  let before = settledBefore
  // A key with copies may have no rival.
  const rivalOf = (v: number): number => (rival[v] >= 0 ? rival[v] : v === 0 ? 1 : 0)
  return function* (blocks, moves) {
    const found: News[] = blocks.map(() => noNews)
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
    const joined = (name: 'known' | 'hull'): Int32Array =>
      join(
        found.map((each) => each[name]),
        (length) => new Int32Array(length),
      )
    return { known: joined('known'), hull: joined('hull'), simplices: found[0].simplices }
  }
}

/** A plan, where its rounds leave what they find, and which keys it is to decide. */
export interface Plan {
  readonly rounds: Generator<CheckRound, void>
  readonly findings: Findings
  /** Whether a row of the findings belongs to the share. */
  readonly isMine: (row: number) => boolean
  /** Keys of the share, copies included. */
  readonly total: number
}

/** The plan of a check, of all keys or of one shard. */
export function planFor(frame: Frame, shard: Shard | null): Plan {
  const { keys, count, copies } = frame
  const isMine = shareOf(shard)
  const rows = firstIntegers(keys.bias === null ? count : keys.n)
  const findings = createFindings(rows.length)
  if (keys.bias !== null) {
    const total = rows.filter(isMine).length
    return { rounds: planBiased(keys.n, findings, isMine), findings, isMine, total }
  }
  const size = (some: Int32Array): number => {
    let sum = 0
    for (let at = 0; at < some.length; at++) if (isMine(some[at])) sum += copies[some[at]]
    return sum
  }
  const total = size(rows)
  return { rounds: planDistinct(frame, findings, isMine, size, total), findings, isMine, total }
}
