/**
 * Unigram tokenization (Kudo 2018, arXiv 1804.10959): among all ways to cut the text into pieces of the vocabulary, the
 * one with the largest sum of log-probabilities, by dynamic programming over end positions (Viterbi).
 */

/** Word boundaries are written as this character (U+2581). */
const boundary = '▁'
/** Ids 0 to 5 are the unknown piece, sentence marks and spare symbols; none of them matches text. */
const reserved = 6

/**
 * @param {[piece: string, score: number][]} vocabulary
 * @returns {(text: string) => number[]} token ids; a run of characters outside the vocabulary becomes a single id 0
 */
export function unigramTokenizer(vocabulary) {
  const idOf = new Map()
  let longest = 1
  let lowest = 0
  for (let id = reserved; id < vocabulary.length; id++) {
    const [piece, score] = vocabulary[id]
    idOf.set(piece, id)
    longest = Math.max(longest, [...piece].length)
    lowest = Math.min(lowest, score)
  }
  // SentencePiece's penalty: an unknown character costs 10 nats more than the rarest piece.
  const unknown = lowest - 10

  return (text) => {
    const characters = [...(boundary + text.normalize('NFKC').trim().replace(/\s+/gu, boundary))]
    const best = new Float64Array(characters.length + 1).fill(-Infinity)
    const last = new Array(characters.length + 1)
    best[0] = 0
    for (let start = 0; start < characters.length; start++) {
      const relax = (end, id, score) => {
        if (!(best[start] + score > best[end])) return
        best[end] = best[start] + score
        last[end] = { start, id }
      }
      relax(start + 1, 0, unknown)
      let piece = ''
      for (let end = start + 1; end <= Math.min(characters.length, start + longest); end++) {
        piece += characters[end - 1]
        const id = idOf.get(piece)
        if (id !== undefined) relax(end, id, vocabulary[id][1])
      }
    }
    const ids = []
    for (let end = characters.length; end > 0; end = last[end].start) {
      if (last[end].id !== 0 || ids.at(-1) !== 0) ids.push(last[end].id)
    }
    return ids.reverse()
  }
}
