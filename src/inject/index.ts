export { connectorFor } from './components/connector/component.ts';
export { tableEncoder } from './components/connector/encoder.ts';
export { type HeldOut, METHODS, type Method, type Pairs } from './components/connector/fit.ts';
export {
  type FitRequest,
  type FitSource,
  type FittedComponent,
  fitComponent,
  fitIn,
} from './components/connector/fit-component.ts';
export { sharedTokens } from './components/connector/shared-tokens.ts';
export { type ComponentOptions, openComponent } from './components/open.ts';
export { type OwnSpace, ownSpace } from './components/vectors.ts';
export { type LocalVectorModel, type LocalVectorModelOptions, openLocalVectorModel } from './engine/local.ts';
