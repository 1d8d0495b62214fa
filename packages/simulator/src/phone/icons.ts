import { Html } from '../pages/html.ts'

/** Line icons, drawn for this simulator. */
const PATHS = {
  messages:
    '<path d="M4 6.500A2.500 2.500 0 0 1 6.500 4h11A2.500 2.500 0 0 1 20 6.500v7a2.500 2.500 0 0 1-2.500 2.500H11l-4.500 4v-4A2.500 2.500 0 0 1 4 13.500z"/>',
  workbench:
    '<rect x="4" y="4" width="6.500" height="6.500" rx="1.500"/><rect x="13.500" y="4" width="6.500" height="6.500" rx="1.500"/><rect x="4" y="13.500" width="6.500" height="6.500" rx="1.500"/><circle cx="16.750" cy="16.750" r="3.250"/>',
  moments:
    '<circle cx="12" cy="12" r="8.250"/><circle cx="12" cy="12" r="3"/><path d="M12 3.750 15 12M20.250 12 12 15M12 20.250 9 12M3.750 12 12 9"/>',
  album:
    '<rect x="3.500" y="5" width="17" height="14" rx="2.500"/><circle cx="8.500" cy="10" r="1.600"/><path d="m4 17 5-4.500 3.500 3 3.500-3.500 4.500 4.500"/>',
  me: '<circle cx="12" cy="8" r="4"/><path d="M4.500 20c.8-4 3.700-6 7.500-6s6.700 2 7.500 6"/>',
  back: '<path d="M15 4.500 7.500 12l7.500 7.500"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  more: '<circle cx="5.500" cy="12" r="1.300" fill="currentColor"/><circle cx="12" cy="12" r="1.300" fill="currentColor"/><circle cx="18.500" cy="12" r="1.300" fill="currentColor"/>',
  camera:
    '<path d="M4 8.500A1.500 1.500 0 0 1 5.500 7H8l1.500-2h5L16 7h2.500A1.500 1.500 0 0 1 20 8.500v8a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 4 16.500z"/><circle cx="12" cy="12.300" r="3.200"/>',
  link: '<path d="M10 14a4 4 0 0 0 6 .4l2.500-2.500a4 4 0 0 0-5.700-5.700L11.500 7.500M14 10a4 4 0 0 0-6-.4l-2.500 2.500a4 4 0 0 0 5.700 5.700l1.300-1.300"/>',
  signal: '<path d="M4 18v-3M9 18v-6M14 18V9M19 18V5" stroke-width="3"/>',
  battery:
    '<rect x="2.500" y="7" width="17" height="10" rx="3"/><rect x="4.500" y="9" width="13" height="6" rx="1.500" fill="currentColor" stroke="none"/><path d="M21.500 10.500v3"/>',
}

export type IconName = keyof typeof PATHS

export const icon = (name: IconName): Html =>
  new Html(
    `<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.600" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${PATHS[name]}</svg>`,
  )
