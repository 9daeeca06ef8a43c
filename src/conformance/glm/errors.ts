import { json, type Reply } from '../reply.ts';

/** Zhipu’s table of errors: status and a sentence, by code (docs.bigmodel.cn/cn/faq/api-code). */
const ERRORS = {
  1000: [401, '身份验证失败。'],
  1001: [401, 'Header中未收到Authentication参数，无法进行身份验证。'],
  1003: [401, 'Authentication Token已过期，请重新生成/获取。'],
  1113: [429, '您的账户已欠费，请充值后重试。'],
  1210: [400, 'API 调用参数有误，请检查文档。'],
  1211: [400, '模型不存在，请检查模型代码。'],
  1213: [400, '未正常接收到参数。'],
  1214: [400, '参数非法，请检查文档。'],
  1220: [403, '您无权访问该接口。'],
  1234: [500, '网络错误，错误id：20261126made0up，请联系客服。'],
  1261: [400, 'Prompt 超长。'],
  1301: [400, '系统检测到输入或生成内容可能包含不安全或敏感内容，请您避免输入易产生敏感内容的提示语。'],
  1302: [429, '您当前使用该API的并发数过高，请降低并发，或联系客服增加限额。'],
  1305: [429, '当前API请求过多，请稍后重试。'],
  1308: [429, '已达到使用上限，您的限额将重置。'],
} as const satisfies Readonly<Record<number, readonly [number, string]>>;

export type ErrorCode = keyof typeof ERRORS;

/** Every refusal can be asked for by its code: `refused-1302`. */
export const REFUSED_CASES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ERRORS).map(([code, [status, message]]) => [`refused-${code}`, `${status}: ${message}`]),
);

/** A refusal as Zhipu words it: its code is a string of digits. */
export function refusal(code: ErrorCode, message: string = ERRORS[code][1]): Reply {
  return json(errorOf(code, message), ERRORS[code][0]);
}

/** The same as a line of a stream. */
export function errorOf(code: ErrorCode, message: string = ERRORS[code][1]): object {
  return { error: { code: String(code), message } };
}

/** The refusal that a case asks for, or `null`. */
export function refusedCase(name: string): Reply | null {
  const code = Number(/^refused-(\d+)$/.exec(name)?.[1]);
  return Object.hasOwn(ERRORS, code) ? refusal(code as ErrorCode) : null;
}
