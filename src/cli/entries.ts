/** Which array of a file that holds several: the one that `--entry` names, or the only one. */
import { listSizes, quote } from './numbers.ts'

/** Characters of a list, so that it and the words around it fit a message. */
const lineLength = 200

interface Named {
  readonly name: string
  /** What is known of its shape without unpacking it. */
  readonly shape?: readonly number[]
}

/** The entry of that name; without a name, the only one there is. The error lists what there is to choose from. */
export function chooseEntry<T extends Named>(entries: readonly T[], name: string | undefined): T {
  if (entries.length === 0) throw new RangeError('expected at least one array, got none')
  const found = entries.filter((entry) => name === undefined || entry.name === name)
  const [first] = found
  if (first !== undefined && found.length === 1) return first
  if (name === undefined) throw new RangeError(`expected --entry, one of ${list(entries)}`)
  if (found.length > 1) throw new RangeError(`expected one entry ${quote(name)}, got ${found.length}`)
  const near = entries.filter((entry) => entry.name.toLowerCase().includes(name.toLowerCase()))
  throw new RangeError(`expected --entry to be one of ${list(near.length > 0 ? near : entries)}; got ${quote(name)}`)
}

/** As many as fit on a line. */
function list(entries: readonly Named[]): string {
  const texts = entries.map(({ name, shape }) => (shape === undefined ? name : `${name} (${listSizes(shape)})`))
  let shown = ''
  let listed = 0
  while (listed < texts.length && (listed === 0 || shown.length + texts[listed].length < lineLength)) {
    shown += `${listed === 0 ? '' : ', '}${texts[listed++]}`
  }
  return listed < texts.length ? `${shown} and ${texts.length - listed} more` : shown
}
