export { capabilitiesOf, type LanguageModelOptions, languageModelFor } from './language-model.ts';
export { DEFAULT_MODEL, type LocalModel, localModels } from './local-models.ts';
export {
  buildMessages,
  type Clip,
  type Injected,
  type SettledPart,
  type SettledTurn,
  SYSTEM_PROMPTS,
} from './messages.ts';
export { type ModelId, parseModelId } from './model-id.ts';
export { listRemoteModels, type RemoteModels } from './remote-models.ts';
