export { connectorFor } from './components/connector/component.ts';
export type { Connector } from './components/connector/connector.ts';
export type { Dense } from './components/connector/dense.ts';
export { tableEncoder } from './components/connector/encoder.ts';
export type { Fitted, HeldOut, Pairs } from './components/connector/fit.ts';
export {
  type FitRequest,
  type FitSource,
  type FittedComponent,
  fitComponent,
  fitIn,
} from './components/connector/fit-component.ts';
export { type SharedTokens, sharedTokens } from './components/connector/shared-tokens.ts';
export { type ComponentOptions, openComponent } from './components/open.ts';
export { type OwnSpace, ownSpace } from './components/vectors.ts';
export { type LocalVectorModel, type LocalVectorModelOptions, openLocalVectorModel } from './engine/local.ts';
export { openRemoteVectorModel, type RemoteVectorModel, type RemoteVectorModelOptions } from './engine/remote.ts';
export { type CalibrateOptions, calibrateGate, type Exam, type Run as GateRun } from './gate/calibrate.ts';
export type { ServerFinding } from './gate/check-server.ts';
export { isUsefulAgainstText } from './gate/check-usefulness.ts';
export { foreignTable, type Table } from './gate/families/table.ts';
export { type Information, measureInformation, type TextBaseline, textBaseline } from './gate/information.ts';
export { type GateItem, gateProbes } from './gate/items.ts';
export { checkLive, checkRequest, sameModel } from './gate/live.ts';
export { ENGLISH_PROBES } from './gate/probe-texts.ts';
export { listGateReports, readGateReport, writeGateReport } from './gate/records.ts';
export { gradeOf, LEAST_T } from './gate/rules.ts';
export { type GateOptions, runGate } from './gate/run-gate.ts';
