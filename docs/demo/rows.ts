/** The list of keys: verdict, weight, what a query could give at most, and margin, in numbers and as a bar. */
import type { Actions } from './actions.ts'
import { fit, html, set, svg, text } from './dom.ts'
import { percent, short } from './format.ts'
import { chip, colourOf, drawBadge } from './marker.ts'
import type { Model } from './model.ts'
import type { State } from './state.ts'

type Draw = (state: State, model: Model) => void

interface Row {
  readonly button: HTMLButtonElement
  readonly badge: HTMLElement
  readonly margin: HTMLElement
  readonly weight: HTMLElement
  readonly most: HTMLElement
  readonly bar: SVGRectElement
  readonly reach: SVGRectElement
  readonly tick: SVGLineElement
}

export function createRows(list: HTMLElement, actions: Pick<Actions, 'select'>): Draw {
  const rows = new WeakMap<Element, Row>()
  const make = (i: number): HTMLLIElement => {
    const badge = html('span', { class: 'badge' })
    const margin = html('span', { class: 'margin' })
    const weight = html('span', { class: 'now' })
    const most = html('span', { class: 'most' })
    const reach = svg('rect', { class: 'reach', height: 10, y: 1 })
    const bar = svg('rect', { class: 'fill', height: 10, y: 1 })
    const tick = svg('line', { class: 'tick', y1: -1, y2: 13 })
    const picture = svg(
      'svg',
      { class: `bar ${colourOf(i)}`, viewBox: '0 -1 300 14', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      reach,
      bar,
      tick,
    )
    const button = html(
      'button',
      { type: 'button', class: 'row' },
      chip(i),
      html('span', { class: 'name' }, `Key ${i + 1}`),
    )
    button.append(badge, margin, picture, weight, most)
    button.addEventListener('click', () => actions.select(i))
    const item = html('li', {}, button)
    rows.set(item, { button, badge, margin, weight, most, bar, reach, tick })
    return item
  }
  return (state, { n, verdicts, margins, weights, attainable }) => {
    fit(list, n, make).forEach((item, i) => {
      const row = rows.get(item)
      if (row === undefined) return
      const verdict = verdicts[i] ?? 'selectable'
      const weight = weights[i] ?? 0
      const most = attainable[i]?.weight ?? 0
      set(row.button, { 'aria-pressed': String(i === state.selected) })
      drawBadge(row.badge, verdict)
      text(row.margin, `margin ${short(margins[i] ?? 0)}`)
      text(row.weight, `weight ${percent(weight)}`)
      text(row.most, `at most ${percent(most)}`)
      set(row.bar, { width: (300 * weight).toFixed(1) })
      set(row.reach, { width: (300 * most).toFixed(1) })
      set(row.tick, { x1: (300 * most).toFixed(1), x2: (300 * most).toFixed(1) })
    })
  }
}
