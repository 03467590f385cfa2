/**
 * Keys as 16-bit integers in the module: which products of keys may be large, found at four times the speed of float64, with a bound on
 * what rounding to integers hides.
 *
 * The keys of a block of 64 have one scale s and become integers m with `z = s·(m + e)`. With ρ = ‖s·e‖ for each key,
 * `|z_i·z_j − s_i·s_j·m_i·m_j| = |s_i·m_i·s_j·e_j + s_i·e_i·z_j| <= (‖z_i‖ + ρ_i)·ρ_j + ρ_i·‖z_j‖`. The integer product is exact, as d products
 * of numbers up to √((2^31 − 1)/d) are summed in 32 bits.
 */
import { borrow, giveBack } from './module.ts'

/** Keys of a block, which have one scale. */
export const blockKeys = 64

/** Keys of a strip, for which a mark is a bit of one byte. */
export const stripKeys = 8

const most = 2 ** 31 - 1

export interface Screener {
  /** One a block. */
  readonly scale: Float64Array
  /** ρ, one a key, rounded up. */
  readonly residue: Float64Array
  /** The largest ρ of each block. */
  readonly blockResidue: Float64Array
  /** Brings forward the keys that are to be screened, in this order. */
  gather(keys: Int32Array, count: number): void
  /** The bars of the keys brought forward: integers; a key whose largest product is above its bar is marked. */
  readonly bars: Int32Array
  /** A bit for each key brought forward, from strip `first` on, after `screen`. */
  readonly marks: Uint8Array
  /** Screens strips `[first, last)` of the keys brought forward against a whole block; returns how many strips have marks. */
  screen(block: number, first: number, last: number): number
  /** For each of the eight keys of a strip brought forward the key of a whole block with the largest product; good until the next call. */
  strongest(block: number, strip: number): Int32Array
  /** Screens a strip of a block, from 1 on, against the strips of the block before it, with the first bars; returns its marks. */
  screenWithin(block: number, strip: number): number
  /** Products of key j with keys `[from, to)` of one block, in float64; good until the next call. */
  products(j: number, from: number, to: number): Float64Array
  /** Gives its instance of the module back; it must not be used any more. */
  close(): void
}

/**
 * @param z n×d numbers of magnitude up to 2
 * @param norms of the rows
 * @param capacity keys that are brought forward at a time, at most
 * @throws RangeError when memory cannot be had; whatever `borrow` throws
 */
export function createScreener(z: Float64Array, n: number, d: number, norms: Float64Array, capacity: number): Screener {
  const engine = borrow()
  const { float64, screening } = engine
  const pairs = Math.ceil(d / 2)
  const stripBytes = 32 * pairs
  const blocks = Math.ceil(n / blockKeys)
  const places = Math.ceil(capacity / stripKeys) * stripKeys
  const blockBytes = (blockKeys / stripKeys) * stripBytes
  // In units of eight bytes.
  const [packed, chosen, index, bars, atMarks, stage, rests, row, atRivals] = float64.layout(
    (blocks * blockBytes) / 8,
    places * pairs * 0.5,
    places / 2,
    places / 2,
    Math.ceil(places / 64),
    blockKeys * d,
    blockKeys,
    d,
    stripKeys / 2,
  )
  const { buffer } = float64.view(packed, 0)
  const scale = new Float64Array(blocks)
  const residue = new Float64Array(n)
  const blockResidue = new Float64Array(blocks)
  const range = Math.min(2 ** 15 - 1, Math.floor(Math.sqrt(most / (2 * pairs))))
  const rest = float64.view(rests, blockKeys) as Float64Array
  const key = float64.view(row, d) as Float64Array
  for (let block = 0; block < blocks; block++) {
    const from = block * blockKeys
    const count = Math.min(blockKeys, n - from)
    float64.write(stage, z, from * d, count * d)
    scale[block] = screening.quantise(stage, count, d, range, packed + block * blockBytes, rests)
    for (let r = 0; r < count; r++) {
      // s·m is rounded by half an ulp of z, and the sum and its root by less than d + 2 of their own.
      residue[from + r] = rest[r] * (1 + 2 ** -40) + norms[from + r] * 2 ** -51
      blockResidue[block] = Math.max(blockResidue[block], residue[from + r])
    }
  }
  const marks = new Uint8Array(buffer, atMarks, places / stripKeys)
  const rivals = new Int32Array(buffer, atRivals, stripKeys)
  let staged = blocks - 1
  return {
    scale,
    residue,
    blockResidue,
    products: (j, from, to) => {
      const block = Math.floor(from / blockKeys)
      const first = block * blockKeys
      if (staged !== block) float64.write(stage, z, first * d, Math.min(blockKeys, n - first) * d)
      staged = block
      for (let c = 0, at = j * d; c < d; c++, at++) key[c] = z[at]
      float64.multiplyVector(stage + 8 * d * (from - first), row, to - from, d, rests)
      return rest
    },
    close: () => giveBack(engine),
    bars: new Int32Array(buffer, bars, places),
    marks,
    gather: (keys, count) => {
      new Int32Array(buffer, index, count).set(keys.subarray(0, count))
      screening.gatherKeys(chosen, packed, index, count, pairs)
    },
    screen: (block, first, last) => {
      const [rows, columns] = [packed + block * blockBytes, chosen + first * stripBytes]
      return screening.screen(
        rows,
        blockKeys,
        columns,
        last - first,
        pairs,
        bars + 4 * stripKeys * first,
        atMarks + first,
      )
    },
    strongest: (block, strip) => {
      screening.strongest(packed + block * blockBytes, blockKeys, chosen + strip * stripBytes, pairs, atRivals)
      for (let r = 0; r < stripKeys; r++) rivals[r] += block * blockKeys
      return rivals
    },
    screenWithin: (block, strip) => {
      const rows = packed + block * blockBytes
      screening.screen(rows, strip * stripKeys, rows + strip * stripBytes, 1, pairs, bars, atMarks)
      return marks[0]
    },
  }
}
