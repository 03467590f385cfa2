/** “Your keys”: a reader's own matrix, checked in a worker that can be ended at any moment. */
import { byId, set, text } from '../dom.ts'
import { percent, short } from '../format.ts'
import type { Vector } from '../vector.ts'
import { download, toCsv } from './download.ts'
import { example } from './example.ts'
import type { Answer, OwnReport, Question, Transform } from './messages.ts'
import { createPicture } from './picture.ts'
import type { Source } from './read.ts'
import { createTable } from './table.ts'

/** @param adopt shows a few keys of three dimensions in the pictures above */
export function createOwn(adopt: (keys: readonly Vector[]) => void): void {
  const input = byId<HTMLTextAreaElement>('own-text')
  const file = byId<HTMLInputElement>('own-file')
  const checkButton = byId<HTMLButtonElement>('own-check')
  const cancelButton = byId<HTMLButtonElement>('own-cancel')
  const bar = byId<HTMLProgressElement>('own-progress')
  const phase = byId('own-phase')
  const problem = byId('own-problem')
  const result = byId('own-result')
  const proof = byId('own-proof')
  const badges = { selectable: byId('own-selectable'), tied: byId('own-tied'), unselectable: byId('own-unselectable') }
  const picture = createPicture(byId<HTMLCanvasElement>('own-picture'), badges)
  let worker: Worker | null = null
  let report: OwnReport | null = null
  let source: Source | null = null

  const ask = (question: Question): void => {
    worker ??= startWorker()
    worker.postMessage(question)
  }
  const busy = (on: boolean): void => {
    checkButton.disabled = on
    byId('own-busy').hidden = !on
  }
  const prove = (key: number): void => {
    table.mark(key)
    picture.mark(key)
    text(byId('own-proof-title'), `Proof for row ${key + 1}, key ${key} counted from 0`)
    text(byId('own-proof-json'), 'Proving …')
    text(byId('own-proof-result'), '')
    proof.hidden = false
    ask({ kind: 'prove', key })
  }
  const table = createTable(prove)

  const show = (next: OwnReport): void => {
    report = next
    const { n, d, counts, tolerance, share } = next
    busy(false)
    result.hidden = false
    proof.hidden = true
    for (const verdict of ['selectable', 'tied', 'unselectable'] as const) {
      text(byId(`own-${verdict}-count`), String(counts[verdict]))
    }
    text(
      phase,
      `${n} keys of ${d} numbers: ${counts.selectable} selectable, ${counts.tied} tied, ${counts.unselectable} unselectable.`,
    )
    text(byId('own-size'), `Tolerance ${tolerance === 0 ? '0: exact' : short(tolerance)}.`)
    text(
      byId('own-share'),
      share === null
        ? 'The keys themselves.'
        : `The three directions in which the keys vary most: ${percent(share)} of their variance.`,
    )
    byId('own-adopt').hidden = next.few === null
    picture.show(next)
    table.show(next)
  }
  const hear = (answer: Answer): void => {
    if (answer.kind === 'report') show(answer)
    else if (answer.kind === 'progress') {
      set(bar, { value: answer.share })
      text(phase, answer.share === null ? `${answer.phase} …` : `${answer.phase}: ${Math.floor(100 * answer.share)} %`)
    } else if (answer.kind === 'proof') {
      text(byId('own-proof-json'), answer.json)
      set(byId('own-proof-result'), { class: `result ${answer.problem === null ? 'good' : 'bad'}` })
      text(
        byId('own-proof-result'),
        answer.problem === null ? 'Verified in exact arithmetic.' : `Not valid: ${answer.problem}`,
      )
    } else if (answer.kind === 'proofs') {
      busy(false)
      text(phase, '')
      download('certificates.jsonl', 'application/x-ndjson', answer.text)
    } else {
      busy(false)
      text(phase, '')
      text(problem, `These keys cannot be read: ${answer.text}.`)
    }
  }
  const startWorker = (): Worker => {
    const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    started.addEventListener('message', ({ data }: MessageEvent<Answer>) => hear(data))
    started.addEventListener('error', () =>
      hear({ kind: 'problem', text: 'the browser ended the worker, for want of memory perhaps' }),
    )
    return started
  }
  const end = (): void => {
    worker?.terminate()
    worker = null
  }
  const check = (from: Source): void => {
    // What an earlier question still computes is of no use to anyone.
    end()
    source = from
    text(problem, '')
    result.hidden = true
    set(bar, { value: null })
    busy(true)
    ask({
      kind: 'check',
      source: from,
      transform: byId<HTMLSelectElement>('own-transform').value as Transform,
      exact: byId<HTMLInputElement>('own-exact').checked,
      margins: byId<HTMLInputElement>('own-margins').checked,
    })
  }
  const open = async (chosen: File): Promise<void> => {
    text(byId('own-name'), chosen.name)
    input.value = ''
    check({ kind: 'file', name: chosen.name, bytes: new Uint8Array(await chosen.arrayBuffer()) })
  }

  input.addEventListener('input', () => text(byId('own-name'), ''))
  file.addEventListener('change', () => {
    const [chosen] = file.files ?? []
    // So that the same file can be chosen again after it has changed.
    if (chosen !== undefined) void open(chosen).finally(() => (file.value = ''))
  })
  const panel = byId('own')
  panel.addEventListener('dragover', (event) => event.preventDefault())
  panel.addEventListener('drop', (event) => {
    event.preventDefault()
    const [dropped] = event.dataTransfer?.files ?? []
    if (dropped !== undefined) void open(dropped)
  })
  checkButton.addEventListener('click', () => {
    const again = input.value === '' && source?.kind === 'file' ? source : null
    check(again ?? { kind: 'text', text: input.value })
  })
  cancelButton.addEventListener('click', () => {
    end()
    busy(false)
    // The worker that held the keys of the table is gone.
    result.hidden = true
    text(phase, 'Cancelled.')
  })
  byId('own-example').addEventListener('click', () => {
    input.value = example
    check({ kind: 'text', text: example })
  })
  byId('own-csv').addEventListener('click', () => {
    if (report !== null) download('verdicts.csv', 'text/csv', toCsv(report))
  })
  byId('own-jsonl').addEventListener('click', () => {
    busy(true)
    ask({ kind: 'proveAll' })
  })
  byId('own-adopt').addEventListener('click', () => {
    if (report !== null && report.few !== null) adopt(report.few)
  })
}
