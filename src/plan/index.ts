export { type Converter, type PlanRequest, planRoutes } from './plan.ts';
