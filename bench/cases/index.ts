/** Every case by name, in the order they run. One line each. */
export const CASES = {
  start: () => import('./start.ts'),
  hear: () => import('./hear.ts'),
  ask: () => import('./ask.ts'),
  speak: () => import('./speak.ts'),
  cascade: () => import('./cascade.ts'),
  ledger: () => import('./ledger.ts'),
  mend: () => import('./mend.ts'),
  'event-loop': () => import('./event-loop.ts'),
} as const;
