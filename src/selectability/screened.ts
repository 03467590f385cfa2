/**
 * The comparisons of the Gram pass, screened in integers: only keys whose largest product with a block of others may be too large are
 * compared in float64, with the key that it is with, and with the whole block where that one does not beat them.
 */
import { blockKeys, stripKeys } from '../kernels/simd/screener.ts'
import type { Screener } from '../kernels/simd/screener.ts'
import type { GramKeys, Round } from './comparisons.ts'

/** A bar that no product is above. */
const none = 2 ** 31 - 1

/** The bar of a key against a block. */
type BarOf = (j: number, block: number) => number

/**
 * With s and ρ as in `screener.ts`, a product z_i·z_j is below the ceiling f_j when `s_i·s_j·m_i·m_j < f_j − (‖z_i‖ + ρ_i)·ρ_j − ρ_i·‖z_j‖`, for
 * the largest ‖z_i‖ and ρ_i of the block. Dividing leaves a bound on the integer product. It is taken lower by 1 to 2, that is by more than
 * 2^−32·‖z_i‖·‖z_j‖, beside which the roundings here, a dozen of 2^−53·‖z_i‖·‖z_j‖, are nothing.
 */
function barsOf({ norms, ceilings }: GramKeys, { scale, residue, blockResidue }: Screener): BarOf {
  return (j, block) => {
    const longest = norms[block * blockKeys] + blockResidue[block]
    const room = ceilings[j] - longest * residue[j] - blockResidue[block] * norms[j]
    return Math.max(-none, Math.min(none, Math.floor(room / scale[Math.floor(j / blockKeys)] / scale[block]) - 1))
  }
}

/** Compares keys `[from, to)`, `from` a multiple of `blockKeys`, with all before them. */
export function compareScreened(keys: GramKeys, screener: Screener, round: Round, from: number, to: number): void {
  const { rival } = round
  const barOf = barsOf(keys, screener)
  const active = new Int32Array(to - from)
  let count = 0
  /** Brings forward those of the keys that are not beaten. */
  const gather = (candidates: ArrayLike<number>, length: number): void => {
    count = 0
    for (let at = 0; at < length; at++) if (rival[candidates[at]] < 0) active[count++] = candidates[at]
    screener.gather(active, count)
  }
  gather(
    active.map((_, at) => from + at),
    to - from,
  )
  let settled = 0
  for (let block = 0; block * blockKeys < to && count > 0; block++) {
    const [top, bottom] = [block * blockKeys, Math.min(to, (block + 1) * blockKeys)]
    if (top >= from) compareWithin(screener, round, barOf, block, top, bottom)
    while (settled < count && active[settled] < bottom) settled++
    const [first, last] = [Math.floor(settled / stripKeys), Math.ceil(count / stripKeys)]
    if (settled === count) continue
    for (let at = first * stripKeys; at < last * stripKeys; at++)
      screener.bars[at] = at < settled || at >= count ? none : barOf(active[at], block)
    if (screener.screen(block, first, last) === 0) continue
    let live = 0
    for (let strip = first; strip < last; strip++) {
      if (screener.marks[strip] === 0) continue
      // Most keys that are marked are beaten, by the key whose product is the largest in integers already.
      const strongest = screener.strongest(block, strip)
      for (let r = 0; r < stripKeys; r++) {
        const j = active[strip * stripKeys + r]
        if ((screener.marks[strip] >> r) & 1 && rival[j] < 0 && !round.compareOne(j, strongest[r]))
          round.compare(j, top, bottom)
      }
    }
    for (let at = settled; at < count; at++) if (rival[active[at]] < 0) live++
    // Keys that are beaten are screened in vain: they are left behind once they are the half.
    if (2 * live < count - settled) {
      gather(active.slice(settled), count - settled)
      settled = 0
    }
  }
}

/** Compares the keys of a block with each other: with those of strips before in integers, within a strip in float64. */
function compareWithin(
  screener: Screener,
  round: Round,
  barOf: BarOf,
  block: number,
  top: number,
  bottom: number,
): void {
  for (let strip = 0; top + strip * stripKeys < bottom; strip++) {
    const start = top + strip * stripKeys
    const end = Math.min(bottom, start + stripKeys)
    if (strip > 0) {
      for (let r = 0; r < stripKeys; r++)
        screener.bars[r] = start + r < end && round.rival[start + r] < 0 ? barOf(start + r, block) : none
      const marks = screener.screenWithin(block, strip)
      for (let j = start; marks !== 0 && j < end; j++) if ((marks >> (j - start)) & 1) round.compare(j, top, start)
    }
    for (let j = start + 1; j < end; j++) if (round.rival[j] < 0) round.compare(j, start, j)
  }
}
