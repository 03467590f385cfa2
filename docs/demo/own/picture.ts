/** A reader's keys as points, turned by dragging or with the arrow keys; verdicts by shape and colour. */
import type { Verdict } from 'selectability/kernels'
import { axesOf, rotate } from '../camera.ts'
import type { Camera } from '../camera.ts'
import { stepOf } from '../drag.ts'
import { dot, fromFrame, length, row } from '../vector.ts'
import type { OwnReport } from './messages.ts'

/** Pixels a side, for screens of twice the density. */
const side = 720
const radius = side / 2 - 16

export interface Picture {
  show(report: OwnReport): void
  mark(key: number): void
}

/** @param colours elements whose text has the colour of a verdict, in either theme */
export function createPicture(canvas: HTMLCanvasElement, colours: Readonly<Record<Verdict, Element>>): Picture {
  canvas.width = canvas.height = side
  let camera: Camera = { turn: 0.5, tilt: 0.42 }
  let report: OwnReport | null = null
  let marked = -1
  let frame = 0

  const draw = (): void => {
    frame = 0
    const context = canvas.getContext('2d')
    if (context === null || report === null) return
    const { n, points, verdicts } = report
    const [right, up] = axesOf(camera)
    const reach = Array.from({ length: n }, (_, i) => length(row(points, i))).reduce((a, b) => Math.max(a, b), 0)
    const unit = reach > 0 ? radius / reach : 1
    // Fewer points have room to be larger.
    const size = Math.max(3, Math.min(12, 90 / Math.sqrt(n)))
    context.clearRect(0, 0, side, side)
    context.lineWidth = 2
    for (let i = 0; i < n; i++) {
      const point = fromFrame(row(points, i))
      const x = side / 2 + unit * dot(point, right)
      const y = side / 2 - unit * dot(point, up)
      const verdict = verdicts[i] ?? 'selectable'
      context.fillStyle = context.strokeStyle = getColour(verdict)
      drawPoint(context, verdict, x, y, size)
      if (i !== marked) continue
      context.strokeStyle = getComputedStyle(canvas).color
      context.beginPath()
      context.arc(x, y, size + 8, 0, 2 * Math.PI)
      context.stroke()
    }
  }
  let palette: Partial<Record<Verdict, string>> = {}
  const getColour = (verdict: Verdict): string => (palette[verdict] ??= getComputedStyle(colours[verdict]).color)
  const redraw = (): void => {
    if (frame === 0) frame = requestAnimationFrame(draw)
  }
  const recolour = (): void => {
    palette = {}
    redraw()
  }
  const turn = (by: Camera): void => {
    camera = rotate(camera, by)
    redraw()
  }
  new MutationObserver(recolour).observe(document.documentElement, { attributeFilter: ['data-theme'] })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour)
  canvas.addEventListener('pointerdown', (event) => canvas.setPointerCapture(event.pointerId))
  canvas.addEventListener('pointermove', (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) turn({ turn: -event.movementX / 120, tilt: event.movementY / 120 })
  })
  canvas.addEventListener('keydown', (event) => {
    const step = stepOf(event)
    if (step === null) return
    turn({ turn: step[0] / 12, tilt: (step[1] + step[2]) / 12 })
    event.preventDefault()
  })
  return {
    show(next) {
      report = next
      marked = -1
      recolour()
    },
    mark(key) {
      marked = key
      redraw()
    },
  }
}

/** A disc, an empty square, a cross. */
function drawPoint(context: CanvasRenderingContext2D, verdict: Verdict, x: number, y: number, size: number): void {
  context.beginPath()
  if (verdict === 'selectable') {
    context.arc(x, y, size * 0.8, 0, 2 * Math.PI)
    context.fill()
    return
  }
  if (verdict === 'tied') context.rect(x - size * 0.8, y - size * 0.8, size * 1.6, size * 1.6)
  else {
    context.moveTo(x - size, y - size)
    context.lineTo(x + size, y + size)
    context.moveTo(x + size, y - size)
    context.lineTo(x - size, y + size)
  }
  context.stroke()
}
