/**
 * Parts, which `check --shard` makes and `merge` joins. Their first line says which check they are of and what it found; where proofs
 * were asked for, theirs follow in the order of the keys, one a line.
 */
import { createHash } from 'node:crypto'
import type { PartialReport, Shard, Verdict } from '../index.ts'
import { nameOf, readLines } from './bytes.ts'
import { jsonLines } from './json.ts'
import type { Names } from './keys.ts'
import { locate } from './locate.ts'
import type { TypedArray } from './numbers.ts'
import type { Question } from './options.ts'
import { certificateLines, verdicts } from './report.ts'

/** The first line. */
export interface PartHead extends Names {
  readonly part: Shard
  /** Of the keys, the bias, and all that shapes a verdict or a proof: parts with another one are of another check. */
  readonly digest: string
  readonly n: number
  readonly d: number
  readonly tolerance: number
  /** Whether proofs follow. */
  readonly certificates: boolean
  /** The keys that are decided, ascending, and the verdict on each. */
  readonly keys: readonly number[]
  readonly verdicts: readonly Verdict[]
}

/** A part as lines, the last of which has no line end. */
export function* partLines(
  question: Question,
  report: PartialReport,
  part: Shard,
  certificates: boolean,
): Generator<string> {
  const { n, d, tolerance, keys, verdicts: found } = report
  const digest = digestOf(question, tolerance)
  const head = { part, digest, n, d, tolerance, certificates, keys: Array.from(keys), verdicts: found }
  yield JSON.stringify({ ...head, ...question.names } satisfies PartHead)
  if (certificates) yield* certificateLines(report)
}

function digestOf({ keys, n, d, options }: Question, tolerance: number): string {
  const hash = createHash('sha256').update(JSON.stringify([n, d, tolerance]))
  const add = ({ buffer, byteOffset, byteLength, constructor }: TypedArray): void => {
    hash.update(constructor.name).update(new Uint8Array(buffer, byteOffset, byteLength))
  }
  add(keys.data)
  if (options.bias !== undefined) add(options.bias)
  return hash.digest('hex')
}

/** A part that is read: its head, and its certificates as they are written, read again at every call. */
export interface Part {
  readonly path: string
  readonly head: PartHead
  certificates(): AsyncGenerator<string>
}

/** Reads the head of a part, and refuses what is none. */
export async function readPart(path: string): Promise<Part> {
  const lines = readLines(path)
  const { value: first = '' } = await lines.next()
  await lines.return(undefined)
  try {
    const head = checkHead(jsonLines()(first as string)?.value)
    return { path, head, certificates: () => certificatesOf(path, head) }
  } catch (error) {
    throw locate(nameOf(path), error)
  }
}

async function* certificatesOf(path: string, { keys, verdicts: found }: PartHead): AsyncGenerator<string> {
  const parse = jsonLines()
  let at = -1
  for await (const line of readLines(path)) {
    let value: unknown
    try {
      value = parse(line)?.value
    } catch (error) {
      throw locate(nameOf(path), error)
    }
    if (value === undefined) continue
    if (at >= 0) {
      const { key, verdict } = value as { readonly key?: unknown; readonly verdict?: unknown }
      if (at >= keys.length || key !== keys[at] || verdict !== found[at])
        throw new TypeError(`${nameOf(path)}: line ${at + 2}: expected ${expectedAt(keys, found, at)}`)
      yield line
    }
    at++
  }
  if (at < keys.length) throw new TypeError(`${nameOf(path)}: expected ${expectedAt(keys, found, at)}, got the end`)
}

function expectedAt(keys: readonly number[], found: readonly Verdict[], at: number): string {
  return at < keys.length ? `the certificate of key ${keys[at]}, ${found[at]}` : 'no more certificates'
}

function checkHead(value: unknown): PartHead {
  const bad = (what: string): never => {
    throw new TypeError(`line 1: expected a part as check --shard makes it, got ${what}`)
  }
  if (typeof value !== 'object' || value === null || !('part' in value)) return bad('something else')
  const head = value as PartHead
  const { part, digest, n, d, tolerance, certificates, keys, verdicts: found, names, columns } = head
  const isCount = (x: unknown): boolean => Number.isSafeInteger(x) && (x as number) >= 1
  const isTexts = (x: unknown): boolean =>
    x === undefined || (Array.isArray(x) && x.every((text) => typeof text === 'string'))
  if (!isCount(part?.index) || !isCount(part.count) || part.index > part.count) bad('no shard')
  if (!isCount(n) || !isCount(d) || n > 2 ** 32 || !Number.isFinite(tolerance) || typeof digest !== 'string')
    bad('no sizes')
  if (!Array.isArray(keys) || !Array.isArray(found) || keys.length !== found.length || keys.length > n) bad('no keys')
  keys.forEach((key, at) => {
    if (!Number.isSafeInteger(key) || key >= n || key <= (keys[at - 1] ?? -1)) bad('keys out of order')
  })
  if (!found.every((verdict) => verdicts.includes(verdict)) || typeof certificates !== 'boolean') bad('no verdicts')
  if (!isTexts(names) || (names !== undefined && names.length !== n) || !isTexts(columns)) bad('no names')
  return head
}
