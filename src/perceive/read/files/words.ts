/** The words an engine adds itself, in the language of the document. */
export const WORDS = {
  en: {
    comment: 'comment',
    notes: 'Speaker notes',
    comments: 'Comments',
    header: 'Page header',
    footer: 'Page footer',
    hiddenSlide: 'hidden slide',
    hiddenSheet: 'hidden',
    hiddenRows: 'Hidden rows',
    hiddenColumns: 'Hidden columns',
    connected: 'Connected',
    colon: ': ',
  },
  zh: {
    comment: '批注',
    notes: '演讲者备注',
    comments: '批注',
    header: '页眉',
    footer: '页脚',
    hiddenSlide: '隐藏的幻灯片',
    hiddenSheet: '隐藏',
    hiddenRows: '隐藏的行',
    hiddenColumns: '隐藏的列',
    connected: '连线',
    colon: '：',
  },
} as const;
