import { loadOptional } from '../optional.ts';

/** A type of C as koffi knows it: by name, or made here. */
export type CType = string | object;

/** A function of C; `async` runs it in a thread of its own, so that this one goes on. */
export interface CFunction {
  (...values: readonly unknown[]): unknown;
  async(...valuesAndDone: readonly unknown[]): void;
}

export interface LibraryHandle {
  func(name: string, result: CType, parameters: readonly CType[]): CFunction;
  symbol(name: string): unknown;
}

/** What is used of koffi, with pointers as big integers and no `any`. */
export interface Koffi {
  load(path: string | null): LibraryHandle;
  struct(members: Readonly<Record<string, CType>>): object;
  array(of: CType, length: number, hint: 'Typed'): object;
  view(pointer: bigint, bytes: number): ArrayBuffer;
  alloc(type: CType, length: number): unknown;
  address(value: unknown): bigint;
}

/** Calls into C from JavaScript, loaded when first needed. Only worker processes should use it. */
export async function loadKoffi(): Promise<Koffi> {
  return loadOptional('koffi', async () => (await import('koffi')).default as unknown as Koffi);
}

/** Runs a function of C in a thread of its own. */
export function inThread(call: CFunction, ...values: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    call.async(...values, (error: unknown, result: unknown) => (error ? reject(error) : resolve(result)));
  });
}
