/** The verdicts as a table: sorted by a press on a heading, a page at a time. */
import type { Verdict } from 'selectability/kernels'
import { byId, fit, html, set, text } from '../dom.ts'
import { short } from '../format.ts'
import { drawBadge } from '../marker.ts'
import type { OwnReport } from './messages.ts'

/** Rows on show: more than fit on a screen, few enough to draw at once. */
const pageSize = 50
/** What is worth looking at comes first. */
const rank: Readonly<Record<Verdict, number>> = { unselectable: 0, tied: 1, selectable: 2 }

type Column = 'row' | 'name' | 'verdict' | 'norm' | 'margin'

interface Order {
  readonly column: Column
  readonly down: boolean
}

export interface Table {
  show(report: OwnReport): void
  mark(key: number): void
}

/** The order of rows; equal ones stay in the order of the input. */
export function sortedKeys(
  { n, names, verdicts, norms, margins }: OwnReport,
  { column, down }: Order,
): readonly number[] {
  const numbers: Readonly<Record<Exclude<Column, 'name'>, (i: number) => number>> = {
    row: (i) => i,
    verdict: (i) => rank[verdicts[i] ?? 'selectable'],
    norm: (i) => norms[i] ?? 0,
    margin: (i) => margins?.[i] ?? 0,
  }
  const compare =
    column === 'name'
      ? (i: number, j: number): number => (names?.[i] ?? '').localeCompare(names?.[j] ?? '')
      : (i: number, j: number): number => numbers[column](i) - numbers[column](j)
  const sign = down ? -1 : 1
  return Array.from({ length: n }, (_, i) => i).sort((i, j) => sign * compare(i, j) || i - j)
}

/** @param choose called with the key whose proof is wanted */
export function createTable(choose: (key: number) => void): Table {
  const body = byId('own-rows')
  const range = byId('own-range')
  const before = byId<HTMLButtonElement>('own-before')
  const after = byId<HTMLButtonElement>('own-after')
  const headings = (['row', 'name', 'verdict', 'norm', 'margin'] as const).map((column) => ({
    column,
    cell: byId(`own-by-${column}`),
  }))
  let report: OwnReport | null = null
  let order: Order = { column: 'verdict', down: false }
  let keys: readonly number[] = []
  let start = 0
  let marked = -1

  const makeRow = (): HTMLTableRowElement => {
    const button = html('button', { type: 'button' }, 'Proof')
    const tr = html(
      'tr',
      {},
      html('th', { scope: 'row' }),
      ...['name', 'verdict', 'norm', 'margin'].map((name) => html('td', { class: name })),
    )
    tr.append(html('td', {}, button))
    tr.querySelector('.verdict')?.append(html('span', { class: 'badge' }))
    button.addEventListener('click', () => choose(Number(tr.dataset.key)))
    return tr
  }
  const draw = (): void => {
    if (report === null) return
    const { n, names, verdicts, norms, margins } = report
    const shown = keys.slice(start, start + pageSize)
    fit(body, shown.length, makeRow).forEach((tr, at) => {
      const i = shown[at] ?? 0
      const [number, name, verdict, norm, margin, proof] = Array.from(tr.children)
      set(tr, { 'data-key': i, class: i === marked ? 'selected' : null })
      if (number !== undefined) text(number, String(i + 1))
      if (name !== undefined) text(name, names?.[i] ?? '')
      if (verdict?.firstElementChild instanceof HTMLElement)
        drawBadge(verdict.firstElementChild, verdicts[i] ?? 'selectable')
      if (norm !== undefined) text(norm, short(norms[i] ?? 0, 4))
      if (margin !== undefined) text(margin, margins === null ? '' : short(margins[i] ?? 0, 4))
      if (proof?.firstElementChild) set(proof.firstElementChild, { 'aria-label': `Proof for row ${i + 1}` })
    })
    text(range, `Rows ${start + 1} to ${Math.min(n, start + pageSize)} of ${n}`)
    before.disabled = start === 0
    after.disabled = start + pageSize >= n
    for (const { column, cell } of headings) {
      set(cell, { 'aria-sort': order.column !== column ? null : order.down ? 'descending' : 'ascending' })
    }
    set(byId('own-table'), { class: `${names === null ? 'nameless ' : ''}${margins === null ? 'marginless' : ''}` })
  }
  const sort = (next: Order): void => {
    order = next
    start = 0
    if (report !== null) keys = sortedKeys(report, order)
    draw()
  }
  for (const { column, cell } of headings) {
    cell
      .querySelector('button')
      ?.addEventListener('click', () => sort({ column, down: order.column === column && !order.down }))
  }
  const page = (by: number): void => {
    start += by
    draw()
  }
  before.addEventListener('click', () => page(-pageSize))
  after.addEventListener('click', () => page(pageSize))
  return {
    show(next) {
      report = next
      marked = -1
      sort({ column: 'verdict', down: false })
    },
    mark(key) {
      marked = key
      draw()
    },
  }
}
