/** The view in space: hyperplane, sphere, hull and keys, turned by dragging or with the arrow keys. */
import { polygonHull } from 'd3-polygon'
import type { Actions, View } from './actions.ts'
import { axesOf, rotate } from './camera.ts'
import type { Camera } from './camera.ts'
import { byId, fit, set, svg } from './dom.ts'
import { listenToDrag, stepOf } from './drag.ts'
import { hullEdges } from './edges.ts'
import { tuple } from './format.ts'
import { colourOf, createMarker, drawMarker } from './marker.ts'
import type { Model } from './model.ts'
import { unlimited } from './state.ts'
import type { State } from './state.ts'
import { add, dot, frame, row, times } from './vector.ts'
import type { Vector } from './vector.ts'

/** How far the picture reaches from its middle; the keys' extent is drawn a little smaller. */
export const spaceRadius = 165

type Draw = (state: State, model: Model, view: View) => void

export function createSpace(actions: Actions): Draw {
  const picture = byId<SVGSVGElement>('space')
  const floor = byId<SVGPathElement>('space-floor')
  const sphere = byId<SVGCircleElement>('space-sphere')
  const equator = byId<SVGPathElement>('space-equator')
  const axis = byId<SVGLineElement>('space-axis')
  const axisName = byId<SVGTextElement>('space-axis-name')
  const outline = byId<SVGPathElement>('space-hull')
  const edges = byId<SVGGElement>('space-edges')
  const trails = byId<SVGGElement>('space-trails')
  const proof = byId<SVGGElement>('space-proof')
  const markers = byId<SVGGElement>('space-keys')
  const arrow = byId<SVGLineElement>('space-arrow')
  const tip = byId<SVGCircleElement>('space-query')
  let camera: Camera = { turn: 0.5, tilt: 0.42 }
  let current: { state: State; model: Model; view: View } | null = null

  const draw: Draw = (state, model, view) => {
    current = { state, model, view }
    const axes = axesOf(camera)
    const place = (point: Vector): readonly [number, number, number] => [
      dot(point, axes[0]) * view.space,
      -dot(point, axes[1]) * view.space,
      dot(point, axes[2]) * view.space,
    ]
    const { keys, n, verdicts, raw } = model
    const disc = (radius: number): string => path(circleOf(radius).map(place))
    set(floor, { d: disc(spaceRadius / view.space) })
    set(sphere, { r: Math.sqrt(3) * view.space, class: state.scale ? 'on' : '' })
    set(equator, { d: disc(Math.sqrt(3)), class: state.scale ? 'on' : '' })
    const [ax, ay] = place(times(frame[2], (spaceRadius - 8) / view.space))
    set(axis, { x1: -ax, y1: -ay, x2: ax, y2: ay })
    set(axisName, { x: ax + 6, y: ay + 4 })

    const places = Array.from({ length: n }, (_, i) => place(row(keys, i)))
    const around = polygonHull(places.map(([x, y]): [number, number] => [x, y])) ?? places
    set(outline, { d: path(around) })
    drawLines(edges, hullEdges(model), places, () => ({ class: 'edge', width: 1.5 }))

    // Where each key came from, and its foot on the hyperplane.
    fit(trails, 2 * n, () => svg('line')).forEach((line, at) => {
      const i = at >> 1
      const [x1 = 0, y1 = 0] = places[i] ?? []
      const key = row(keys, i)
      const end = at % 2 === 0 ? place(row(raw, i)) : place(add(key, times(frame[2], -dot(key, frame[2]))))
      set(line, { class: at % 2 === 0 ? `trail ${colourOf(i)}` : 'foot', x1, y1, x2: end[0], y2: end[1] })
    })

    const certificate = model.certificate(Math.min(state.selected, n - 1))
    const support = 'support' in certificate ? Array.from(certificate.support) : []
    const weights = 'weights' in certificate ? certificate.weights : null
    const rays = support.map((j): readonly [number, number] => [certificate.key, j])
    drawLines(proof, rays, places, (at) => ({ class: 'weight', width: 1.5 + 7 * (weights?.[at] ?? 0) }))

    const depth = places.map(([, , z]) => z)
    const order = depth.map((_, i) => i).sort((a, b) => (depth[a] ?? 0) - (depth[b] ?? 0))
    fit(markers, n, createMarker).forEach((marker, at) => {
      const i = order[at] ?? 0
      const [x = 0, y = 0, z = 0] = places[i] ?? []
      const shape = createMarker(i)
      if (marker.getAttribute('data-key') !== String(i)) marker.replaceChildren(...Array.from(shape.children))
      const verdict = verdicts[i] ?? 'selectable'
      const label = `Key ${i + 1}, ${verdict}, at ${tuple(row(keys, i))}`
      drawMarker(marker, i, { x, y, size: 0.72 + z / 1600, verdict, selected: i === state.selected, label })
    })
    const [qx, qy] = place(times(state.query, (0.92 * spaceRadius) / (view.space * Math.min(state.limit, unlimited))))
    set(arrow, { x2: qx, y2: qy })
    set(tip, { cx: qx, cy: qy })
  }

  const turnBy = (by: Camera): void => {
    camera = rotate(camera, by)
    if (current !== null) draw(current.state, current.model, current.view)
  }
  listenToDrag(picture, {
    grab(target) {
      const marker = target.closest('[data-key]')
      if (marker === null) return 'camera'
      actions.hold(true)
      const key = marker.getAttribute('data-key') ?? '0'
      actions.select(Number(key))
      return key
    },
    move(grabbed, _, by) {
      if (current === null) return
      if (grabbed === 'camera') {
        turnBy({ turn: -by.x / 120, tilt: by.y / 120 })
        return
      }
      const axes = axesOf(camera)
      const { space } = current.view
      actions.move(Number(grabbed), add(times(axes[0], by.x / space), times(axes[1], -by.y / space)))
    },
    drop: () => actions.hold(false),
  })
  picture.addEventListener('keydown', (event) => {
    const step = stepOf(event)
    if (step === null) return
    turnBy({ turn: step[0] / 12, tilt: (step[1] + step[2]) / 12 })
    event.preventDefault()
  })
  return draw
}

function circleOf(radius: number): readonly Vector[] {
  return Array.from({ length: 72 }, (_, at) => {
    const angle = (at * Math.PI) / 36
    return add(times(frame[0], radius * Math.cos(angle)), times(frame[1], radius * Math.sin(angle)))
  })
}

function path(points: readonly ArrayLike<number>[]): string {
  return `M${points.map((point) => `${(point[0] ?? 0).toFixed(1)} ${(point[1] ?? 0).toFixed(1)}`).join('L')}Z`
}

function drawLines(
  parent: SVGGElement,
  pairs: readonly (readonly [number, number])[],
  places: readonly (readonly number[])[],
  look: (at: number) => { class: string; width: number },
): void {
  fit(parent, pairs.length, () => svg('line')).forEach((line, at) => {
    const [i, j] = pairs[at] ?? [0, 0]
    const [x1 = 0, y1 = 0] = places[i] ?? []
    const [x2 = 0, y2 = 0] = places[j] ?? []
    const { class: name, width } = look(at)
    set(line, { class: name, x1, y1, x2, y2, 'stroke-width': width.toFixed(2) })
  })
}
