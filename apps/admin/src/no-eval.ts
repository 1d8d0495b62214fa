import { config } from 'zod/v4/core'

// zod tries `new Function` to speed schemas up; our Content-Security-Policy forbids that, and the browser would report the
// attempt as an error. Schemas read this when they are made, so main.ts imports it before anything else.
config({ jitless: true })
