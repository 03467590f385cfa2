/** Attainable weight against the limit on the query's norm, one line a key. The weights come from the worker. */
import { byId, fit, set, svg, text } from './dom.ts'
import { short } from './format.ts'
import { colourOf } from './marker.ts'
import type { Model } from './model.ts'
import { scoreScale } from './model.ts'
import type { State } from './state.ts'
import type { CurveAnswer, CurveQuestion } from './worker.ts'

const box = { left: 34, right: 306, top: 12, bottom: 168 } as const
/** Between two names of lines. */
const lineHeight = 9
/** Norms of 2⁻² to 2⁶, three points an octave. */
export const norms: readonly number[] = Array.from({ length: 25 }, (_, at) => 2 ** (at / 3 - 2))

function across(norm: number): number {
  return box.left + ((Math.log2(norm) + 2) / 8) * (box.right - box.left)
}

function down(weight: number): number {
  return box.bottom - weight * (box.bottom - box.top)
}

type Draw = (state: State, model: Model) => void

/** The worker answers when it can; only the latest question is asked. */
export function createCurve(worker: Worker): Draw {
  const lines = byId<SVGGElement>('curve-lines')
  const names = byId<SVGGElement>('curve-names')
  const limit = byId<SVGLineElement>('curve-limit')
  const limitName = byId<SVGTextElement>('curve-limit-name')
  drawAxes(byId<SVGGElement>('curve-axes'))
  let asked = ''
  let waiting: CurveQuestion | null = null
  let busy = false
  let selected = 0
  let latest: CurveAnswer | null = null

  const ask = (): void => {
    if (busy || waiting === null) return
    worker.postMessage(waiting)
    waiting = null
    busy = true
  }
  const show = (): void => {
    if (latest === null) return
    const { weights } = latest
    const n = weights.length / norms.length
    fit(lines, n, () => svg('path')).forEach((line, i) => {
      const points = norms.map(
        (norm, at) => `${across(norm).toFixed(1)} ${down(weights[i * norms.length + at] ?? 0).toFixed(1)}`,
      )
      set(line, { d: `M${points.join('L')}`, class: `${colourOf(i)}${i === selected ? ' selected' : ''}` })
    })
    const ends = spread(Array.from({ length: n }, (_, i) => down(weights[(i + 1) * norms.length - 1] ?? 0)))
    fit(names, n, () => svg('text', { x: box.right + 4 })).forEach((name, i) => {
      set(name, { y: (ends[i] ?? 0) + 3, class: i === selected ? 'selected' : '' })
      text(name, String(i + 1))
    })
  }
  worker.addEventListener('message', ({ data }: MessageEvent<CurveAnswer | { kind: string }>) => {
    if (data.kind !== 'curve') return
    latest = data as CurveAnswer
    busy = false
    show()
    ask()
  })
  return (state, { keys }) => {
    const question: CurveQuestion = { kind: 'curve', keys, norms, scale: scoreScale(state) }
    const name = `${question.scale} ${keys.join()}`
    if (name !== asked) {
      asked = name
      waiting = question
      ask()
    }
    if (selected !== state.selected) {
      selected = state.selected
      show()
    }
    const x = across(Math.min(state.limit, 64))
    set(limit, { x1: x, x2: x, y1: box.top, y2: box.bottom })
    set(limitName, { x })
    text(limitName, `R = ${short(state.limit)}`)
  }
}

/** Names of lines that end together are set one above the other. */
function spread(heights: readonly number[]): readonly number[] {
  const order = heights.map((_, i) => i).sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0))
  const out = heights.slice()
  // From the top down, at least a line apart; then pushed back up from the bottom.
  let least = -Infinity
  for (const i of order) {
    out[i] = Math.max(out[i] ?? 0, least)
    least = (out[i] ?? 0) + lineHeight
  }
  let most = box.bottom + 2
  for (const i of order.reverse()) {
    out[i] = Math.min(out[i] ?? 0, most)
    most = (out[i] ?? 0) - lineHeight
  }
  return out
}

function drawAxes(parent: SVGGElement): void {
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const y = down(share)
    parent.append(svg('line', { x1: box.left, x2: box.right, y1: y, y2: y }))
    parent.append(svg('text', { x: box.left - 5, y: y + 3, class: 'left' }, `${share * 100} %`))
  }
  for (const norm of [0.25, 1, 4, 16, 64]) {
    parent.append(svg('text', { x: across(norm), y: box.bottom + 14, class: 'below' }, String(norm)))
  }
}
