import { ernieConformance } from './ernie/chat.ts';
import { openAiConformance } from './openai/chat.ts';
import type { ConformanceServer } from './server.ts';

export { type ConformanceServer, type Running, type StartOptions, startConformance } from './server.ts';

/** Every vendor that can be stood in for. One line each. */
export const CONFORMANCE_SERVERS: readonly ConformanceServer[] = [ernieConformance, openAiConformance];
