import type { Perception } from '#contract/perception.ts';

/** How the fate of an input ends of which the model got nothing although it went the way of text. */
export const NOTHING_CAME_THROUGH = 'nothing came through';

/** Whether neither the writing in a picture nor what it shows was told. */
export function isBlank(perception: Perception): boolean {
  return perception.kind === 'picture' && perception.lines.length === 0 && perception.description === null;
}
