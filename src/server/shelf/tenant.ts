import type { FastifyRequest } from 'fastify';
import { ANYONE } from '../guard/key.ts';

/** Whose files and stores a request is about: those of its key. */
export function tenantOf({ passage }: Pick<FastifyRequest, 'passage'>): string {
  return passage?.key.id ?? ANYONE.id;
}
