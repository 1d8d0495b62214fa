/** How much of everything. CI takes very little, to see that every bench works. */
export interface Scale {
  tasks: number
  /** For growth: how many tasks there are already, at the beginning and after years. `some` is for the search. */
  past: { few: number; some: number; many: number }
  /** What is due at once for growing numbers of processes. */
  crowd: { tasks: number; executors: number; processes: number[] }
  /** How many calls a company has made on the day on which another is claimed, the first for comparison. */
  callsOfDay: number[]
  /** How many tasks one employee has had. */
  ownTasks: number
  /** People per task, each with an execution per issued push. */
  executors: number
  /**
   * What falls due at once: for one push for all of these people, and for so many tasks of the same minute; and how often at least
   * the list is asked for meanwhile.
   */
  due: { people: number; tasks: number; executors: number; requests: number }
  /** Rows of an export that is one workbook and of one that is several, and how long (ms) until memory is looked at again. */
  exports: { rows: number; manyRows: number; settle: number }
  /** How many pictures are uploaded at the same moment. */
  uploads: number
  /** How long (ms) after a start idle memory is looked at: what the start has left behind is gone by then. */
  idleAfter: number
  /** Whether the phone app is built anew, and whether network and processor are slowed down. */
  phone: { fresh: boolean; slow: boolean }
  rounds: number
  /** Of one measurement: seconds, or a number of requests. */
  load: { duration: number } | { amount: number }
  /** Where generated data is kept, outside git. */
  folder: string
  /** Whether it is needed again: then PostgreSQL keeps its data there too, as durable as in production. */
  kept: boolean
}

export const FULL: Omit<Scale, 'folder'> = {
  tasks: 100_000,
  past: { few: 10_000, some: 100_000, many: 1_000_000 },
  crowd: { tasks: 2_000, executors: 10, processes: [1, 2, 4] },
  callsOfDay: [0, 2_000, 12_000, 50_000],
  ownTasks: 200,
  executors: 100,
  due: { people: 100_000, tasks: 2_000, executors: 100, requests: 50 },
  exports: { rows: 50_000, manyRows: 500_000, settle: 30_000 },
  uploads: 200,
  idleAfter: 3_000,
  phone: { fresh: true, slow: true },
  rounds: 5,
  load: { duration: 3 },
  kept: true,
}
export const SMALL: Omit<Scale, 'folder'> = {
  tasks: 60,
  past: { few: 60, some: 60, many: 120 },
  crowd: { tasks: 10, executors: 3, processes: [1, 2] },
  callsOfDay: [0, 50],
  ownTasks: 30,
  executors: 3,
  due: { people: 1_500, tasks: 5, executors: 20, requests: 10 },
  exports: { rows: 200, manyRows: 400, settle: 200 },
  uploads: 4,
  idleAfter: 100,
  phone: { fresh: false, slow: false },
  rounds: 1,
  load: { amount: 100 },
  kept: false,
}
