/** Pointer and keyboard on a picture: one way to drag for mouse, pen and finger. */

export interface Point {
  readonly x: number
  readonly y: number
}

/** Where a pointer is in the units of a picture's view box. */
export function pointIn(picture: SVGSVGElement, event: PointerEvent): Point {
  const box = picture.getBoundingClientRect()
  const { width, height, x, y } = picture.viewBox.baseVal
  return {
    x: x + ((event.clientX - box.left) / box.width) * width,
    y: y + ((event.clientY - box.top) / box.height) * height,
  }
}

export interface Drag {
  /** Which thing of the picture was grabbed, or null for none. */
  grab(target: Element, at: Point): string | null
  move(grabbed: string, at: Point, by: Point): void
  drop(): void
}

/** Makes a picture's things follow the pointer. */
export function listenToDrag(picture: SVGSVGElement, { grab, move, drop }: Drag): void {
  let grabbed: string | null = null
  let last: Point = { x: 0, y: 0 }
  picture.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !(event.target instanceof Element)) return
    last = pointIn(picture, event)
    grabbed = grab(event.target, last)
    if (grabbed !== null) picture.setPointerCapture(event.pointerId)
  })
  picture.addEventListener('pointermove', (event) => {
    if (grabbed === null) return
    const at = pointIn(picture, event)
    move(grabbed, at, { x: at.x - last.x, y: at.y - last.y })
    last = at
  })
  const end = (): void => {
    if (grabbed === null) return
    grabbed = null
    drop()
  }
  picture.addEventListener('pointerup', end)
  picture.addEventListener('pointercancel', end)
}

/** Steps that keys of the keyboard stand for, in units of one step: right, up, away from the plane. */
export function stepOf(event: KeyboardEvent): readonly [number, number, number] | null {
  const size = event.shiftKey ? 5 : 1
  switch (event.key) {
    case 'ArrowRight':
      return [size, 0, 0]
    case 'ArrowLeft':
      return [-size, 0, 0]
    case 'ArrowUp':
      return [0, size, 0]
    case 'ArrowDown':
      return [0, -size, 0]
    case 'PageUp':
      return [0, 0, size]
    case 'PageDown':
      return [0, 0, -size]
    default:
      return null
  }
}
