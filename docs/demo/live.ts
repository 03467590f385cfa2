/** What a screen reader is told: the verdicts, once things have come to rest. */
import { byId, text } from './dom.ts'
import { list, percent } from './format.ts'
import type { Model } from './model.ts'

/** Milliseconds without a change before anything is said. */
const rest = 600

export function summary({ n, verdicts, weights }: Pick<Model, 'n' | 'verdicts' | 'weights'>): string {
  const every = Array.from({ length: n }, (_, i) => i)
  const with_ = (verdict: string): readonly number[] => every.filter((i) => verdicts[i] === verdict)
  const part = (verdict: string, words: string): string[] => {
    const found = with_(verdict)
    return found.length === 0 ? [] : [`${words}: ${found.length === n ? 'every key' : list(found)}`]
  }
  const top = every.reduce((best, i) => ((weights[i] ?? 0) > (weights[best] ?? 0) ? i : best), 0)
  const parts = [...part('selectable', 'Selectable'), ...part('tied', 'Tied'), ...part('unselectable', 'Unselectable')]
  return `${parts.join('. ')}. The query gives key ${top + 1} most weight, ${percent(weights[top] ?? 0)}.`
}

export function createLive(): (model: Model) => void {
  const status = byId('status')
  let timer = 0
  return (model) => {
    clearTimeout(timer)
    timer = window.setTimeout(() => text(status, summary(model)), rest)
  }
}
