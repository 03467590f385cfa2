/** The argument in four steps, each with the state that shows it. */
import { byId, set } from './dom.ts'
import { story } from './state.ts'
import type { State } from './state.ts'

export const steps: readonly State[] = [
  story,
  { ...story, project: true, step: 1 },
  { ...story, project: true, scale: true, step: 2, query: [2.8, -1.15, -1.65] },
  { ...story, project: true, scale: true, step: 3, limit: 1, query: [0.72, -0.3, -0.42] },
]

export function createSteps(go: (state: State) => void): (state: State) => void {
  const buttons = steps.map((_, at) => byId<HTMLButtonElement>(`step-${at}`))
  const panels = steps.map((_, at) => byId(`step-text-${at}`))
  const own = byId('step-text-own')
  buttons.forEach((button, at) =>
    button.addEventListener('click', () => {
      const state = steps[at]
      if (state !== undefined) go(state)
    }),
  )
  return ({ step }) => {
    buttons.forEach((button, at) => set(button, { 'aria-current': at === step ? 'step' : null }))
    panels.forEach((panel, at) => set(panel, { 'data-on': String(at === step) }))
    set(own, { 'data-on': String(step < 0) })
  }
}
