export { type PlanRequest, planRoutes } from './plan.ts';
export type { Converter, Ways } from './ways.ts';
