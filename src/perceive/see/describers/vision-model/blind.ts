/** Only a short answer is looked at: a description may well say of somebody that they cannot see a picture. */
const LONGEST = 300;

const SAYS_SO = [
  /\b(?:cannot|can['’]?t|can not|unable to|not able to|do(?:es)? not|don['’]t)\b.{0,40}\b(?:see|view|access|open|process|analy[sz]e|receive|have)\b.{0,50}\b(?:image|picture|photo|attachment|file)s?\b/is,
  /\bno (?:image|picture|photo|attachment)s? (?:was|were|has been|is|are)? ?(?:provided|attached|uploaded|included|shared|visible)\b/i,
  /\b(?:provide|upload|attach|share)\b.{0,20}\b(?:the|an|your) (?:image|picture|photo)\b/i,
  /(?:无法|不能|没法|没有办法|不具备).{0,10}(?:查看|看到|看见|访问|处理|识别|打开|接收|读取).{0,12}(?:图片|图像|照片|附件)/,
  /(?:没有|未|没).{0,6}(?:收到|提供|上传|看到|附上).{0,10}(?:图片|图像|照片|附件)/,
  /请(?:您|你)?(?:重新)?(?:上传|提供|发送).{0,6}(?:图片|图像|照片)/,
];

/** Whether an answer says that no picture came, as models do that were sent one they cannot see. */
export function saysItSeesNothing(text: string): boolean {
  return text.length <= LONGEST && SAYS_SO.some((pattern) => pattern.test(text));
}
