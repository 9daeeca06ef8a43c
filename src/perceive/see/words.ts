/** What a picture's text says besides what is in the picture. */
export interface Said {
  readonly nothingWritten: string;
  readonly written: string;
  shows(text: string): string;
  page(number: number): string;
  frame(number: number): string;
}

/** In the language of those who are told. */
export const SAID: Readonly<Record<'en' | 'zh', Said>> = {
  en: {
    nothingWritten: '[No writing was found in the picture.]',
    written: 'Written in the picture:',
    shows: (text) => `The picture shows: ${text}`,
    page: (number) => `[Page ${number}]`,
    frame: (number) => `[Frame ${number}]`,
  },
  zh: {
    nothingWritten: '[图中没有发现文字。]',
    written: '图中文字：',
    shows: (text) => `图中内容：${text}`,
    page: (number) => `[第 ${number} 页]`,
    frame: (number) => `[第 ${number} 帧]`,
  },
};
