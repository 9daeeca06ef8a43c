/**
 * Writes of many callers as few commits: while one is under way, all that come are gathered and go together in the next, in their
 * order. Each caller waits for the commit that holds its own.
 */
export function together<T>(
  write: (all: readonly T[]) => Promise<void>,
  most: number,
): (some: readonly T[]) => Promise<void> {
  interface Waiting {
    readonly some: readonly T[];
    resolve(): void;
    reject(error: unknown): void;
  }
  const waiting: Waiting[] = [];
  let writing = false;

  async function run(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const group = [waiting.shift() as Waiting];
      let size = group[0]?.some.length ?? 0;
      while (waiting[0] && size + waiting[0].some.length <= most) {
        size += waiting[0].some.length;
        group.push(waiting.shift() as Waiting);
      }
      try {
        await write(group.flatMap(({ some }) => some));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    writing = false;
  }

  return (some) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ some, resolve, reject });
      if (!writing) void run();
    });
}
