const CJK =
  /[\u2e80-\u303f\u3040-\u30ff\u3100-\u312f\u31a0-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|[\ud840-\ud8bf]/;

/** Text with each run of white space made one space, and none where a line of Chinese or Japanese was only broken (CSS Text 3, 4.1.2). */
export function collapsed(text: string): string {
  return text.replaceAll(/[ \t\n\r\f]+/g, (space, at: number) => {
    if (!space.includes('\n')) return ' ';
    return CJK.test(text[at - 1] ?? '') && CJK.test(text[at + space.length] ?? '') ? '' : ' ';
  });
}
