export { type PlanRequest, planRoutes } from './plan.ts';
export type { Converter, Injection, Ways } from './ways.ts';
