/**
 * The module: its bytes compiled and instantiated, synchronously and without a fetch, and its memory.
 *
 * Every call lays out its scratch from the same address and copies its results out before it returns. Calls share that
 * memory safely: they are synchronous, and nothing between the first byte written and the last one read runs code of the
 * caller (views are made from buffers, not by `subarray`, which a subclass may override). So no call can begin inside another.
 * Memory grows to the largest call's scratch and is used again by the next. Kernels stream their inputs in blocks, so
 * that scratch does not grow with the number of rows, queries or keys.
 */
import type { Floats } from '../sizes.ts'
import { bytes, fusedBytes } from './bytes.ts'

/** What of WebAssembly is used; the library's types need neither DOM nor Node. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports?: { readonly env: { readonly memory: Memory } },
  ) => { readonly exports: Exports }
  readonly validate: (bytes: Uint8Array) => boolean
}

type Exports = Readonly<Record<string, unknown>>

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** The kernels of one type of number: addresses in bytes, sizes in numbers. `src/kernels/simd/assembly` documents them. */
interface Kernels {
  packRows(to: number, x: number, rows: number, stride: number, depth: number, width: number): void
  packColumns(to: number, x: number, depth: number, stride: number, columns: number, width: number): void
  product(
    a: number,
    b: number,
    rows: number,
    columns: number,
    depth: number,
    c: number,
    stride: number,
    ones: number,
  ): void
  gather(c: number, rows: number, columns: number, stride: number, factor: number, to: number): void
  dot(x: number, y: number, d: number): number
  multiplyVector(a: number, x: number, rows: number, d: number, out: number): void
  rowNorms(x: number, rows: number, d: number, out: number): number
  size(x: number, count: number): number
  exceeds(x: number, count: number): number
  exponentials(s: number, n: number, max: number): number
  softmax(s: number, rows: number, n: number): void
  maskRows(s: number, rows: number, n: number, mask: number, stride: number, isBoolean: boolean): void
  limitRows(s: number, rows: number, n: number, seen: number): void
  scoresSize(): number
  stateSize(columns: number): number
  clearState(state: number, panels: number, columns: number): void
  attend(
    q: number,
    k: number,
    v: number,
    rows: number,
    n: number,
    d: number,
    columns: number,
    scale: number,
    seen: number,
    causal: number,
    mask: number,
    maskStride: number,
    isBoolean: boolean,
    scores: number,
    state: number,
  ): void
  finish(state: number, rows: number, columns: number, dv: number, to: number): void
  project(x: number, rows: number, d: number): number
  normalise(x: number, rows: number, d: number, centred: boolean, eps: number, gain: number, bias: number): number
}

/** The kernels for float32 or float64, and the memory as numbers of that type. */
export interface Lanes extends Kernels {
  /** Bytes of a number. */
  readonly bytes: number
  /** Columns of a block, 8 in float32 and 4 in float64. */
  readonly width: number
  /** Rows of a block. */
  readonly height: number
  /** Addresses for blocks of so many numbers each, in memory grown to hold them, aligned to cache lines. */
  layout(...counts: number[]): number[]
  /** Copies count numbers of x, from index `from` on, to an address. */
  write(to: number, x: Floats, from: number, count: number): void
  /** Copies bytes, for masks of 0 and 1. */
  writeBytes(to: number, x: Uint8Array, from: number, count: number): void
  /** Copies count numbers at an address to `out`, from index `at` on, rounded where `out` is narrower. */
  read(from: number, count: number, out: Floats, at: number): void
  /** A view of count numbers at an address, valid until memory grows. */
  view(from: number, count: number): Floats
}

/** The search's own exports, one corral and one walk an instance; `walk.ts` and `decide.ts` in `src/kernels/simd/assembly` document them. */
export interface Search {
  corralSize(d: number, stride: number): number
  openCorral(at: number, d: number, stride: number): void
  corralPart(part: number): number
  corralPitch(): number
  corralCount(): number
  openWalk(
    n: number,
    d: number,
    stride: number,
    rows: number,
    strips: number,
    keys: number,
    norms: number,
    knownStrips: number,
    knownKeys: number,
    isKnown: number,
    scratch: number,
    slack: number,
    dependence: number,
  ): void
  scratchSize(d: number, stride: number): number
  addKnown(j: number): void
  knownCount(): number
  truncateKnown(count: number): void
  walk(own: number, start: number, threshold: number, reach: number, maxSteps: number, ridge: number): number
  decide(
    list: number,
    starts: number,
    thresholds: number,
    count: number,
    reach: number,
    maxSteps: number,
    largest: number,
    distance: number,
    ends: number,
    proofs: number,
    proofBytes: number,
    simplices: number,
    given: number,
  ): number
}

/** Whole sets of few keys; `small.ts` in `src/kernels/simd/assembly` documents them. */
export interface Small {
  openSmall(keys: number, centre: number, z: number, found: number, room: number): void
  compareSmall(
    n: number,
    d: number,
    third: number,
    rest: number,
    tolerance: number,
    relative: number,
    absolute: number,
    factor: number,
  ): number
  searchSmall(
    n: number,
    d: number,
    count: number,
    reach: number,
    maxSteps: number,
    distance: number,
    slack: number,
    dependence: number,
  ): void
}

/** Products of keys, in integers and in float64; `screen.ts`, `quantise.ts` and `pairs.ts` in `src/kernels/simd/assembly` document them. */
export interface Screening {
  quantise(z: number, count: number, d: number, range: number, to: number, rests: number): number
  screen(a: number, rows: number, b: number, columns: number, pairs: number, bars: number, marks: number): number
  strongest(a: number, rows: number, b: number, pairs: number, to: number): void
  gatherKeys(to: number, from: number, index: number, count: number, pairs: number): void
  comparePairs(
    z: number,
    strips: number,
    d: number,
    norms: number,
    ceilings: number,
    from: number,
    to: number,
    rivals: number,
  ): void
}

export interface Engine {
  readonly float32: Lanes
  readonly float64: Lanes
  readonly search: Search
  readonly screening: Screening
  readonly small: Small
  /** Whether products and attention multiply and add in one instruction, and round once. */
  readonly fused: boolean
}

/** Both modules, with and without relaxed SIMD, in hexadecimal digits. */
export interface ModuleBytes {
  readonly plain: string
  readonly fused: string
}

const pageBytes = 65536
/** Blocks start on cache lines: a vector that straddles two costs two accesses. */
const lineBytes = 64

let digits: ModuleBytes = { plain: bytes, fused: fusedBytes }
let compiled: object | null = null
/** Undefined until asked for, null where the engine does not know relaxed SIMD. */
let compiledFused: object | null | undefined

/** The modules' bytes in hexadecimal digits, for other threads. */
export function moduleBytes(): ModuleBytes {
  return digits
}

/** Gives a thread that was started without the bytes those of another. */
export function setModuleBytes(given: ModuleBytes): void {
  digits = given
}

/**
 * An instance with a memory of its own.
 *
 * @param relaxed whether a second module, with relaxed SIMD, takes over where the engine knows it: not for a search, whose
 *   steps are the same on every machine
 * @throws when the engine has no WebAssembly or no SIMD, or may not compile (a CSP without 'wasm-unsafe-eval')
 */
export function instantiate(relaxed: boolean): Engine {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }
  compiled ??= new WebAssembly.Module(decode(digits.plain))
  const plain = new WebAssembly.Instance(compiled).exports
  const memory = plain['memory'] as Memory
  if (relaxed && compiledFused === undefined) {
    const binary = decode(digits.fused)
    compiledFused = WebAssembly.validate(binary) ? new WebAssembly.Module(binary) : null
  }
  const fused = relaxed && compiledFused ? new WebAssembly.Instance(compiledFused, { env: { memory } }).exports : {}
  const exports = { ...plain, ...fused }
  const base = (plain['base'] as () => number)()
  return {
    float32: lanesOf(exports, memory, base, 4),
    float64: lanesOf(exports, memory, base, 8),
    search: plain as unknown as Search,
    screening: plain as unknown as Screening,
    small: plain as unknown as Small,
    fused: 'attend32' in fused,
  }
}

/** Instances that were given back: making one takes longer than most searches among few keys. */
const idle: Engine[] = []
const mostIdle = 2
/** Larger memories are not kept, since a memory never shrinks. */
let mostIdleBytes = 2 ** 20

/** For a thread that does not outlive its work by long: to write a memory again is faster than to have a new one. */
export function keepMemories(): void {
  mostIdleBytes = Infinity
}

/** An instance of the plain module for one search, which gives it back. */
export function borrow(): Engine {
  return idle.pop() ?? instantiate(false)
}

/** Takes an instance back that nobody will use any more. */
export function giveBack(engine: Engine): void {
  if (idle.length < mostIdle && engine.float64.view(0, 0).buffer.byteLength <= mostIdleBytes) idle.push(engine)
}

/** Bytes of their hexadecimal digits, two each. */
function decode(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16))
}

function lanesOf(exports: Exports, memory: Memory, base: number, bytes: 4 | 8): Lanes {
  const kernel = <K extends keyof Kernels>(name: K): Kernels[K] => exports[name + String(bytes * 8)] as Kernels[K]
  let { buffer } = memory
  let numbers = viewOf(buffer, 0, Math.floor(buffer.byteLength / bytes), bytes)
  /** Growth detaches the buffer of old. */
  const current = (): Floats => {
    if (memory.buffer !== buffer) {
      buffer = memory.buffer
      numbers = viewOf(buffer, 0, Math.floor(buffer.byteLength / bytes), bytes)
    }
    return numbers
  }
  return {
    // One by one, so that all instances have one shape: what the engine has compiled for one runs for the next.
    packRows: kernel('packRows'),
    packColumns: kernel('packColumns'),
    product: kernel('product'),
    gather: kernel('gather'),
    dot: kernel('dot'),
    multiplyVector: kernel('multiplyVector'),
    rowNorms: kernel('rowNorms'),
    size: kernel('size'),
    exceeds: kernel('exceeds'),
    exponentials: kernel('exponentials'),
    softmax: kernel('softmax'),
    maskRows: kernel('maskRows'),
    limitRows: kernel('limitRows'),
    scoresSize: kernel('scoresSize'),
    stateSize: kernel('stateSize'),
    clearState: kernel('clearState'),
    attend: kernel('attend'),
    finish: kernel('finish'),
    project: kernel('project'),
    normalise: kernel('normalise'),
    bytes,
    width: 32 / bytes,
    height: (exports['blockRows'] as () => number)(),
    layout: (...counts) => {
      let end = align(base)
      const addresses = counts.map((count) => {
        const at = end
        end = align(end + count * bytes)
        return at
      })
      grow(memory, end)
      return addresses
    },
    write: (to, x, from, count) => {
      current().set(sliceOf(x, from, count), to / bytes)
    },
    writeBytes: (to, x, from, count) => {
      new Uint8Array(memory.buffer, to, count).set(new Uint8Array(x.buffer, x.byteOffset + from, count))
    },
    read: (from, count, out, at) => {
      out.set(viewOf(memory.buffer, from, count, bytes), at)
    },
    view: (from, count) => viewOf(memory.buffer, from, count, bytes),
  }
}

function grow(memory: Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength
  if (missing <= 0) return
  try {
    memory.grow(Math.ceil(missing / pageBytes))
  } catch {
    throw new RangeError(`memory: expected room for ${bytes} bytes of scratch, got ${memory.buffer.byteLength}`)
  }
}

function align(address: number): number {
  return Math.ceil(address / lineBytes) * lineBytes
}

/** A plain view of part of x, whatever subclass x is of. */
export function sliceOf(x: Floats, from: number, count: number): Floats {
  return viewOf(x.buffer, x.byteOffset + from * x.BYTES_PER_ELEMENT, count, x.BYTES_PER_ELEMENT)
}

function viewOf(buffer: ArrayBufferLike, from: number, count: number, bytes: number): Floats {
  return bytes === 4 ? new Float32Array(buffer, from, count) : new Float64Array(buffer, from, count)
}
