/** Exact copies among keys: each distinct key is searched for once, whatever its copies. */
import type { KeySet } from './keyset.ts'

/** One round of MurmurHash3 for each number, its two words folded into one, and its finaliser; equal rows have equal hashes. */
function hashRow(words: Uint32Array): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < words.length; at += 2) {
    let block = Math.imul(words[at + 1], 0xcc9e2d51)
    block = Math.imul(((block << 15) | (block >>> 17)) ^ words[at], 0x1b873593)
    hash ^= (block << 13) | (block >>> 19)
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  // The last bits, which choose the place in the table, must hang on all others.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/**
 * Finds exact copies (+0 and −0 are equal; a bias counts as a coordinate): the first key of each distinct one, in ascending order, and
 * which distinct one each key is.
 *
 * Rows are compared whole before they count as equal. Complexity: O(n·d), for all but keys chosen to have equal hashes.
 */
export function findCopies({ data, n, d, bias }: KeySet): { place: Int32Array; first: Int32Array } {
  const row = new Float64Array(bias === null ? d : d + 1)
  const words = new Uint32Array(row.buffer)
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
    // Adding 0 makes −0 the same as +0.
    for (let c = 0, from = j * d; c < d; c++) row[c] = data[from + c] + 0
    if (bias !== null) row[d] = bias[j] + 0
    let at = hashRow(words) & (room - 1)
    while (table[at] >= 0 && !isSame(table[at], j)) at = (at + 1) & (room - 1)
    if (table[at] < 0) {
      table[at] = count
      first[count++] = j
    }
    place[j] = table[at]
  }
  return { place, first: first.slice(0, count) }
}
