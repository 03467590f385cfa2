/** All that the demo can be asked: one record, kept in the address so that a link shows what its sender saw. */
import { clamp } from './vector.ts'
import type { Vector } from './vector.ts'

/** What a head's W_K does to normalised keys here: nothing, an injective map, or a map onto a line. */
export type Head = 'none' | 'turn' | 'flatten'

export interface State {
  /** Keys before the factor. */
  readonly keys: readonly Vector[]
  /** Multiplies key 3. */
  readonly factor: number
  readonly project: boolean
  readonly scale: boolean
  readonly eps: number
  readonly gain: Vector
  readonly bias: Vector
  readonly head: Head
  readonly query: Vector
  /** The largest norm that a query may have; Infinity for none. */
  readonly limit: number
  /** Whether scores are divided by √d. */
  readonly divide: boolean
  /** The key that the certificate panel is about. */
  readonly selected: number
  /** The guided step on show, from 0; −1 when the reader has gone their own way. */
  readonly step: number
}

/** The key that the slider is about: key 3. */
export const slider = 2
export const factors = { min: 0.2, max: 2.5, step: 0.01 } as const
/** Keys that the picture has room for. */
export const mostKeys = 16
/** Queries are drawn and tried up to this norm where no limit is set. */
export const unlimited = 1000

/** The seed's story: key 3 is near key 2 in direction, and twice as long as it need be. */
export const story: State = {
  keys: [
    [2, -2, 0],
    [2, 0, 0],
    [1.6, 0.8, 0],
    [-2, -0.5, 0],
  ],
  factor: 2,
  project: false,
  scale: false,
  eps: 0,
  gain: [1, 1, 1],
  bias: [0, 0, 0],
  head: 'none',
  query: [2.5, -0.5, -2],
  limit: 4,
  divide: true,
  selected: 1,
  step: 0,
}

const heads: readonly Head[] = ['none', 'turn', 'flatten']

function write(vector: Vector): string {
  return vector.map((value) => String(Number(value.toPrecision(8)))).join(',')
}

/** The state as the part of an address after `#`; what equals the story is left out. */
export function encode(state: State): string {
  const fields: readonly (readonly [string, string, string])[] = [
    ['keys', state.keys.map(write).join(';'), story.keys.map(write).join(';')],
    ['factor', String(state.factor), String(story.factor)],
    ['project', String(+state.project), '0'],
    ['scale', String(+state.scale), '0'],
    ['eps', String(state.eps), '0'],
    ['gain', write(state.gain), write(story.gain)],
    ['bias', write(state.bias), write(story.bias)],
    ['head', state.head, story.head],
    ['query', write(state.query), write(story.query)],
    ['limit', String(state.limit), String(story.limit)],
    ['divide', String(+state.divide), '1'],
    ['key', String(state.selected + 1), String(story.selected + 1)],
    ['step', String(state.step + 1), '1'],
  ]
  return fields
    .filter(([, value, usual]) => value !== usual)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function number(text: string, min: number, max: number): number {
  const value = text.trim() === '' ? NaN : Number(text)
  if (!(value >= min && value <= max)) throw new RangeError(`expected a number from ${min} to ${max}, got “${text}”`)
  return value
}

function vector(text: string, limit = 1e6): Vector {
  const parts = text.split(',').map((part) => number(part, -limit, limit))
  const [x, y, z] = parts
  if (parts.length !== 3 || x === undefined || y === undefined || z === undefined) {
    throw new RangeError(`expected three numbers, got “${text}”`)
  }
  return [x, y, z]
}

function flag(text: string): boolean {
  return number(text, 0, 1) === 1
}

function oneOf(text: string): Head {
  const found = heads.find((head) => head === text)
  if (found === undefined) throw new RangeError(`expected none, turn or flatten, got “${text}”`)
  return found
}

/**
 * The state that an address names.
 *
 * @throws RangeError when it names none
 */
export function decode(hash: string): State {
  const fields = new Map<string, string>()
  for (const part of hash.replace(/^#/, '').split('&')) {
    const at = part.indexOf('=')
    if (at > 0) fields.set(part.slice(0, at), decodeURIComponent(part.slice(at + 1)))
  }
  const read = <T>(name: string, usual: T, parse: (text: string) => T): T => {
    const text = fields.get(name)
    try {
      return text === undefined ? usual : parse(text)
    } catch (error) {
      throw new RangeError(`${name}: ${error instanceof Error ? error.message : ''}`)
    }
  }
  const keys = read('keys', story.keys, (text) => text.split(';').map((part) => vector(part)))
  if (keys.length > mostKeys) throw new RangeError(`keys: expected at most ${mostKeys}, got ${keys.length}`)
  const limit = read('limit', story.limit, (text) => (text === 'Infinity' ? Infinity : number(text, 0.25, 64)))
  return {
    keys,
    factor: read('factor', story.factor, (text) => number(text, factors.min, factors.max)),
    project: read('project', story.project, flag),
    scale: read('scale', story.scale, flag),
    eps: read('eps', story.eps, (text) => number(text, 0, 1)),
    gain: read('gain', story.gain, vector),
    bias: read('bias', story.bias, vector),
    head: read('head', story.head, oneOf),
    query: clamp(read('query', story.query, vector), Math.min(limit, unlimited)),
    limit,
    divide: read('divide', story.divide, flag),
    selected: Math.round(read('key', story.selected + 1, (text) => number(text, 1, keys.length))) - 1,
    step: Math.round(read('step', story.step + 1, (text) => number(text, 0, 4))) - 1,
  }
}
