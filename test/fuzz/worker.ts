/**
 * Mutates and runs without end. An input whose outcome is new — another message, what it quotes aside, or another kind of matrix — joins
 * the corpus: outcomes stand in for coverage. The input at hand lies in shared memory, where a parent finds it after a crash.
 */
import { parentPort, workerData } from 'node:worker_threads'
import seedrandom from 'seedrandom'
import { mutate } from './mutate.ts'
import { seeds } from './seeds.ts'
import { targets } from './targets.ts'

interface Task {
  readonly name: string
  readonly seed: string
  /** Number of the input at hand, its length, the outcomes seen; then its bytes. */
  readonly state: SharedArrayBuffer
}

const { name, seed, state } = workerData as Task
const header = new Int32Array(state, 0, 4)
const slot = new Uint8Array(state, 16)
const random = seedrandom(seed)
const corpus = [...(seeds[name] ?? [])]
const outcomes = new Set<string>()
const target = targets[name]
if (target === undefined) throw new Error(`expected a target among ${Object.keys(targets).join(', ')}, got ${name}`)
const pick = (): Uint8Array => corpus[Math.floor(random() * corpus.length)] ?? new Uint8Array()

const largestCorpus = 1024

/** A message without what it quotes of the input. */
const outcomeOf = (text: string): string =>
  (/^[^"'(]*?(?=["'(]|got |entry |$)/u.exec(text)?.[0] ?? '').replace(/\d+/gu, '0')

for (;;) {
  const bytes = mutate(pick(), pick(), random)
  slot.set(bytes)
  header[1] = bytes.length
  Atomics.add(header, 0, 1)
  const outcome = outcomeOf(await target(bytes))
  if (!outcomes.has(outcome)) {
    outcomes.add(outcome)
    header[2] = outcomes.size
    // A bound, since messages of the engine quote the input in ways that cannot all be known.
    if (corpus.length < largestCorpus) corpus.push(bytes)
    else corpus[Math.floor(random() * largestCorpus)] = bytes
  }
  if ((header[0] ?? 0) % 256 === 0) parentPort?.postMessage(process.memoryUsage.rss())
}
