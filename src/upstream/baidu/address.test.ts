import { expect, it } from 'vitest';
import { baiduAddress } from './address.ts';

it('knows Baidu’s own hosts, each with its service', () => {
  for (const base of ['https://vop.baidu.com', 'https://tsn.baidu.com/', 'https://aip.baidubce.com']) {
    const at = new URL(base);
    expect(baiduAddress('token', at).href).toBe('https://aip.baidubce.com/oauth/2.0/token');
    expect(baiduAddress('hear', at).href).toBe('https://vop.baidu.com/server_api');
    expect(baiduAddress('hear-pro', at).href).toBe('https://vop.baidu.com/pro_api');
    expect(baiduAddress('speak', at).href).toBe('https://tsn.baidu.com/text2audio');
  }
});

it('looks for all of them below the one address of another server', () => {
  const at = new URL('http://127.0.0.1:9000/baidu/');
  expect(baiduAddress('token', at).href).toBe('http://127.0.0.1:9000/baidu/oauth/2.0/token');
  expect(baiduAddress('speak', at).href).toBe('http://127.0.0.1:9000/baidu/text2audio');
});
