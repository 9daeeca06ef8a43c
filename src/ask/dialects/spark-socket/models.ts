/** Where each model has its own door. Source: `SparkModel.java` in iFLYTEK-OP/websdk-java, 2025-11-14. */
const PATHS: Readonly<Record<string, string>> = {
  lite: 'v1.1/chat',
  generalv3: 'v3.1/chat',
  'pro-128k': 'chat/pro-128k',
  'generalv3.5': 'v3.5/chat',
  'max-32k': 'chat/max-32k',
  '4.0Ultra': 'v4.0/chat',
  x1: 'v1/x1',
  'spark-x': 'v1/x1',
};

/** The two that look at pictures. Source: `ImageUnderstandClient.java`, the same. */
const PICTURE_MODELS: ReadonlySet<string> = new Set(['general', 'imagev3']);

/** Whether a model looks at pictures. */
export const seesPictures = (model: string): boolean => PICTURE_MODELS.has(model);

/** Whether a model takes system messages. */
export const takesSystem = (model: string): boolean => model !== 'lite' && !seesPictures(model);

/** The address of a model; one that is not known is sought where the newest words model is. */
export function addressOf(model: string): string {
  if (seesPictures(model)) return 'wss://spark-api.cn-huabei-1.xf-yun.com/v2.1/image';
  return `wss://spark-api.xf-yun.com/${PATHS[model] ?? 'v4.0/chat'}`;
}
