import { BAIDU } from './baidu.ts';
import { ERNIE } from './ernie.ts';
import { OPENAI } from './openai.ts';
import type { Vendor } from './vendor.ts';

export type { Keys, ModelFacts, ModelRow, Prices, Vendor } from './vendor.ts';

/** Everybody whose models can be asked, heard with or spoken with. One line each. */
export const VENDORS: readonly Vendor[] = [BAIDU, ERNIE, OPENAI];

/** The vendor of this name, or `null`. */
export function vendorNamed(name: string): Vendor | null {
  return VENDORS.find((vendor) => vendor.name === name) ?? null;
}
