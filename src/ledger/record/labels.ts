/** Names of what a ledger has, for people. */
export interface Labels {
  readonly figures: Readonly<Record<string, string>>;
  readonly groups: Readonly<Record<string, string>>;
  readonly levels: Readonly<Record<string, string>>;
  readonly mitigations: Readonly<Record<string, string>>;
  readonly lost: string;
  readonly unmeasured: string;
  readonly unknowns: string;
  readonly doubtful: string;
  readonly wonBack: string;
  readonly noted: string;
  /** What is said of a doubtful place: how likely it is wrong, and what it may be instead. */
  place(percent: number, isCalibrated: boolean, others: readonly string[]): string;
  edits(accepted: number, proposed: number): string;
}
