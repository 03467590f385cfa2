/** Exact copies among keys: each distinct key is searched for once, whatever its copies. */
import type { KeySet } from './keyset.ts'

/** The two words of −0, or'ed; of hardly any other number. */
const negativeZero = 0x80000000 | 0

/** MurmurHash3 of numbers, the two words of each folded into one, from `hash` on; +0 and −0 count as one. */
function mix(hash: number, words: Int32Array, from: number, to: number): number {
  for (let at = from; at < to; at += 2) {
    // Whichever word has the sign.
    const isZero = (words[at] | words[at + 1]) === negativeZero
    let block = isZero ? 0 : Math.imul(words[at + 1], 0xcc9e2d51)
    block = Math.imul(((block << 15) | (block >>> 17)) ^ (isZero ? 0 : words[at]), 0x1b873593)
    hash ^= (block << 13) | (block >>> 19)
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  return hash
}

/** Its finaliser: the last bits, which choose the place in the table, hang on all others. */
function finish(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

function wordsOf({ buffer, byteOffset, length }: Float64Array): Int32Array {
  return new Int32Array(buffer, byteOffset, 2 * length)
}

/**
 * Finds exact copies (+0 and −0 are equal; a bias counts as a coordinate): the first key of each distinct one, in ascending order, and
 * which distinct one each key is.
 *
 * Rows are compared whole before they count as equal. Complexity: O(n·d), for all but keys chosen to have equal hashes.
 */
export function findCopies({ data, n, d, bias }: KeySet): { place: Int32Array; first: Int32Array } {
  const words = wordsOf(data)
  const biasWords = bias === null ? null : wordsOf(bias)
  // A table with room for twice the keys, in which a key that finds its place taken by another takes the next.
  const room = 2 ** Math.ceil(Math.log2(2 * n))
  const table = new Int32Array(room).fill(-1)
  const place = new Int32Array(n)
  const first = new Int32Array(n)
  let count = 0
  const isSame = (v: number, j: number): boolean => {
    const i = first[v]
    for (let c = 0, a = i * d, b = j * d; c < d; c++) if (data[a + c] !== data[b + c]) return false
    return bias === null || bias[i] === bias[j]
  }
  for (let j = 0; j < n; j++) {
    let hash = mix(0x811c9dc5, words, 2 * j * d, 2 * (j + 1) * d)
    if (biasWords !== null) hash = mix(hash, biasWords, 2 * j, 2 * (j + 1))
    let at = finish(hash) & (room - 1)
    while (table[at] >= 0 && !isSame(table[at], j)) at = (at + 1) & (room - 1)
    if (table[at] < 0) {
      table[at] = count
      first[count++] = j
    }
    place[j] = table[at]
  }
  return { place, first: first.slice(0, count) }
}
