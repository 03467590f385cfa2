/** The plane view: the hyperplane seen from above, keys and hull on top of the map of queries. */
import { polygonHull } from 'd3-polygon'
import type { Actions, View } from './actions.ts'
import { byId, fit, set, svg, text } from './dom.ts'
import { listenToDrag, stepOf } from './drag.ts'
import { tuple } from './format.ts'
import { paintMap, resolution } from './map.ts'
import type { Sector } from './map.ts'
import { colourOf, createMarker, drawMarker } from './marker.ts'
import type { Model } from './model.ts'
import { unlimited } from './state.ts'
import type { State } from './state.ts'
import { add, clamp, dot, frame, fromFrame, row, times, toFrame } from './vector.ts'
import type { Vector } from './vector.ts'

/** The disc's radius in the picture, whose view box reaches 200 each way. */
export const discRadius = 172

type Draw = (state: State, model: Model, view: View) => void

export function createPlane(actions: Actions): Draw {
  const canvas = byId<HTMLCanvasElement>('plane-map')
  const picture = byId<SVGSVGElement>('plane')
  const sectors = byId<SVGGElement>('plane-sectors')
  const hull = byId<SVGPathElement>('plane-hull')
  const circle = byId<SVGCircleElement>('plane-circle')
  const proof = byId<SVGGElement>('plane-proof')
  const markers = byId<SVGGElement>('plane-keys')
  const arrow = byId<SVGLineElement>('plane-arrow')
  const handle = byId<SVGGElement>('plane-query')
  canvas.width = canvas.height = resolution
  let current: { state: State; model: Model; view: View } | null = null

  const place = (key: Vector, scale: number): readonly [number, number] => {
    const [x, y] = toFrame(key)
    return [x * scale, -y * scale]
  }
  const limitOf = (state: State): number => Math.min(state.limit, unlimited)

  const pointAt = (x: number, y: number): void => {
    if (current === null) return
    const { state } = current
    const factor = limitOf(state) / discRadius
    const height = dot(state.query, frame[2])
    actions.point(clamp(fromFrame([x * factor, -y * factor, height]), limitOf(state)))
  }

  listenToDrag(picture, {
    grab(target, at) {
      const marker = target.closest('[data-key]')
      actions.hold(true)
      if (marker === null) {
        pointAt(at.x, at.y)
        return 'query'
      }
      const key = marker.getAttribute('data-key') ?? '0'
      actions.select(Number(key))
      return key
    },
    move(grabbed, at, by) {
      if (current === null) return
      if (grabbed === 'query') pointAt(at.x, at.y)
      else actions.move(Number(grabbed), fromFrame([by.x / current.view.plane, -by.y / current.view.plane, 0]))
    },
    drop: () => actions.hold(false),
  })

  markers.addEventListener('keydown', (event) => {
    const marker = event.target instanceof Element ? event.target.closest('[data-key]') : null
    if (marker === null || current === null) return
    const i = Number(marker.getAttribute('data-key'))
    const step = stepOf(event)
    if (step !== null) actions.move(i, times(fromFrame(step), 4 / current.view.plane))
    else if (event.key === 'Delete' || event.key === 'Backspace') actions.remove(i)
    else if (event.key !== 'Enter' && event.key !== ' ') return
    actions.select(i)
    event.preventDefault()
  })
  handle.addEventListener('keydown', (event) => {
    const step = stepOf(event)
    if (step === null || current === null) return
    const limit = limitOf(current.state)
    actions.point(clamp(add(current.state.query, times(fromFrame(step), limit / 40)), limit))
    event.preventDefault()
  })

  return (state, model, view) => {
    current = { state, model, view }
    const { keys, n, verdicts } = model
    const places = Array.from({ length: n }, (_, i) => place(row(keys, i), view.plane))
    drawSectors(sectors, paintMap(canvas, state, model))
    const outline = polygonHull(places.map(([x, y]): [number, number] => [x, y])) ?? places
    set(hull, { d: `M${outline.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z` })
    set(circle, { r: state.scale ? Math.sqrt(3) * view.plane : 0 })
    drawProof(proof, state, model, places)
    fit(markers, n, (i) => set(createMarker(i), { tabindex: 0, role: 'button' })).forEach((marker, i) => {
      const [x = 0, y = 0] = places[i] ?? []
      const verdict = verdicts[i] ?? 'selectable'
      const label = `Key ${i + 1}, ${verdict}, at ${tuple(row(keys, i))}. Arrow keys move it.`
      drawMarker(marker, i, { x, y, size: 0.86, verdict, selected: i === state.selected, label })
    })
    const [x, y] = place(state.query, discRadius / limitOf(state))
    set(arrow, { x2: x, y2: y })
    const label = `Query at ${tuple(state.query)}. Arrow keys turn it, page up and down lift it off the plane.`
    set(handle, { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, 'aria-label': label })
  }
}

/** A number on the rim of each sector; a key without one has none. */
function drawSectors(parent: SVGGElement, sectors: readonly Sector[]): void {
  const labels = fit(parent, sectors.length, (i) =>
    svg('g', { class: `rim ${colourOf(i)}` }, svg('circle', { r: 12 }), svg('text', { dy: '0.36em' }, String(i + 1))),
  )
  sectors.forEach(({ x, y, share }, i) => {
    const label = labels[i]
    const reach = Math.hypot(x, y)
    if (label === undefined) return
    // The middle of a full disc is no direction.
    const [right, up] = reach > 0.02 ? [x / reach, y / reach] : [0, 1]
    const at = `translate(${(right * (discRadius + 12)).toFixed(1)} ${(-up * (discRadius + 12)).toFixed(1)})`
    set(label, { class: `rim ${colourOf(i)}${share > 0 ? '' : ' gone'}`, transform: share > 0 ? at : null })
    const number = label.lastElementChild
    if (number !== null) text(number, String(i + 1))
  })
}

/** The certificate of the selected key: its convex weights as lines, or its query as a line. */
function drawProof(
  parent: SVGGElement,
  { selected }: State,
  { certificate, n }: Model,
  places: readonly (readonly number[])[],
): void {
  const proof = certificate(Math.min(selected, n - 1))
  const [x1 = 0, y1 = 0] = places[proof.key] ?? []
  const support = 'support' in proof ? Array.from(proof.support) : []
  const weights = 'weights' in proof ? Array.from(proof.weights) : []
  fit(parent, support.length + 1, () => svg('line')).forEach((line, at) => {
    const j = support[at]
    if (j !== undefined) {
      const [x2 = 0, y2 = 0] = places[j] ?? []
      set(line, { class: 'weight', x1, y1, x2, y2, 'stroke-width': (1.5 + 7 * (weights[at] ?? 0)).toFixed(2) })
      return
    }
    const query = 'query' in proof ? proof.query : Float64Array.of(0, 0, 0)
    const [right, up] = toFrame(row(query, 0))
    const size = Math.hypot(right, up)
    const reach = size > 0 ? discRadius / size : 0
    set(line, { class: 'direction', x1: 0, y1: 0, x2: right * reach, y2: -up * reach, 'stroke-width': 2 })
  })
}
