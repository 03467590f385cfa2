/** What workers can be asked to do, by name. A task is opened with a setup, then told news and given jobs, one after another. */
import { openCheck } from './check.ts'
import { openMeasure } from './measure.ts'
import type { OpenTask, TaskName } from './task.ts'
import { openWeigh } from './weigh.ts'

/** A new task is one line here, and its name: see docs/architecture.md. */
const tasks = { check: openCheck, weigh: openWeigh, measure: openMeasure }

export function openTask(name: TaskName, setup: unknown): OpenTask<unknown, unknown, unknown, unknown> {
  const open = tasks[name] as (setup: unknown) => OpenTask<unknown, unknown, unknown, unknown>
  return open(setup)
}
