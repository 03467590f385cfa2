/** How a key looks: a shape and a colour of its own, its number, and its verdict as outline. Never colour alone. */
import type { Verdict } from 'selectability/kernels'
import { set, svg, text } from './dom.ts'

/** Classes `k0` … `k7` of the style sheet: the palette of Okabe and Ito, told apart by colour-blind readers. */
const colours = 8
/** rgb of the same palette, for pixels. */
export const palette: readonly (readonly [number, number, number])[] = [
  [204, 121, 167],
  [213, 94, 0],
  [0, 114, 178],
  [0, 158, 115],
  [86, 180, 233],
  [230, 159, 0],
  [240, 228, 66],
  [118, 118, 118],
]

/** Outlines of about the same area in a circle of radius 12. */
const shapes: readonly string[] = [
  'M0-11A11 11 0 1 1 0 11A11 11 0 1 1 0-11Z',
  'M0-14L14 0L0 14L-14 0Z',
  'M-10-10H10V10H-10Z',
  'M0-14L13 10H-13Z',
  'M-6-12H6L13 0L6 12H-6L-13 0Z',
  'M0 14L13-10H-13Z',
  'M0-13L12.4-4L7.6 10.5H-7.6L-12.4-4Z',
]

export function shapeOf(i: number): string {
  return shapes[i % shapes.length] ?? ''
}

export function colourOf(i: number): string {
  return `k${i % colours}`
}

export function rgbOf(i: number): readonly [number, number, number] {
  return palette[i % colours] ?? [0, 0, 0]
}

/** A key's marker; `draw` fills it in and says how it looks now. */
export function createMarker(i: number): SVGGElement {
  return svg(
    'g',
    { class: `marker ${colourOf(i)}` },
    svg('circle', { class: 'touch', r: 22 }),
    svg('path', { class: 'halo', d: shapeOf(i) }),
    svg('path', { class: 'shape', d: shapeOf(i) }),
    // A cross-bar over what cannot be selected.
    svg('path', { class: 'strike', d: 'M-13 13L13-13' }),
    svg('text', { class: 'number', 'text-anchor': 'middle', dy: '0.36em' }, String(i + 1)),
  )
}

export interface Look {
  readonly x: number
  readonly y: number
  readonly size?: number
  readonly verdict: Verdict
  readonly selected: boolean
  readonly label: string
}

export function drawMarker(marker: SVGGElement, i: number, { x, y, size = 1, verdict, selected, label }: Look): void {
  set(marker, {
    class: `marker ${colourOf(i)} ${verdict}${selected ? ' selected' : ''}`,
    transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${size.toFixed(3)})`,
    'aria-label': label,
    'data-key': i,
  })
  const number = marker.lastElementChild
  if (number !== null) text(number, String(i + 1))
}

/** A marker in a line of text. */
export function chip(i: number): SVGSVGElement {
  return svg(
    'svg',
    { class: 'chip', viewBox: '-16 -16 32 32', width: 28, height: 28, 'aria-hidden': 'true' },
    svg(
      'g',
      { class: `marker ${colourOf(i)}` },
      svg('path', { class: 'shape', d: shapeOf(i) }),
      svg('text', { class: 'number', 'text-anchor': 'middle', dy: '0.36em' }, String(i + 1)),
    ),
  )
}

/** A tick, an equals sign, a cross: drawn, since not every font has them. */
const icons: Readonly<Record<Verdict, string>> = {
  selectable: 'M2 7L5 10L11 3',
  tied: 'M2 4H10M2 9H10',
  unselectable: 'M2 2L10 10M10 2L2 10',
}

/** Writes a verdict into its badge. */
export function drawBadge(badge: HTMLElement, verdict: Verdict): void {
  if (badge.textContent === verdict) return
  set(badge, { class: `badge ${verdict}` })
  const icon = svg(
    'svg',
    { class: 'icon', viewBox: '0 0 12 12', 'aria-hidden': 'true' },
    svg('path', { d: icons[verdict] }),
  )
  badge.replaceChildren(icon, verdict)
}
