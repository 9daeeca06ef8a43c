import { type Book, hasWord, stemOf } from './compare.ts';

const HAN = /\p{Script=Han}/u;

/**
 * What things are called, in English and in Chinese, one thing or family a line; the first Chinese name is the one to show. Things a
 * detector of pictures knows (the 80 of COCO, and common ones of Open Images).
 */
const THINGS = `
person people man woman boy girl child kid baby human face head pedestrian someone figure crowd player worker lady gentleman | 人 男 女 孩 婴儿
bicycle bike cyclist | 自行车 单车 骑行
car automobile sedan van taxi suv vehicle | 汽车 轿车 车辆 小车 出租车 面包车 车
motorcycle motorbike scooter moped | 摩托车 电动车 机车
airplane aeroplane plane aircraft jet | 飞机 客机
bus coach | 公交车 巴士 公共汽车 大巴
train locomotive tram subway | 火车 列车 地铁 电车 高铁
truck lorry pickup | 卡车 货车
boat ship vessel yacht canoe kayak ferry | 船 艇 舟
light lamp lantern streetlight | 灯
hydrant | 消防栓 消火栓
sign signboard signpost billboard poster notice | 标志 标识 招牌 牌 指示 海报
parking meter | 停车计时器 计时器
bench | 长椅 长凳 座椅
bird pigeon gull duck goose parrot sparrow | 鸟 鸽 鸥 鸭 鹅 鹦鹉 麻雀
cat kitten | 猫
dog puppy | 狗 犬
horse pony | 马
sheep lamb | 羊
cow cattle bull calf | 牛
elephant | 大象 象
bear | 熊
zebra | 斑马
giraffe | 长颈鹿
backpack rucksack | 背包 书包 双肩包
umbrella parasol | 伞
handbag purse bag | 手提包 手袋 包 袋
tie necktie | 领带
suitcase luggage | 行李箱 行李 旅行箱
frisbee | 飞盘
skis ski skier | 滑雪板 滑雪
snowboard snowboarder | 单板 滑雪板 滑雪
ball football basketball | 球
kite | 风筝
bat | 球棒 球棍
glove | 手套
skateboard skateboarder | 滑板
surfboard surfer | 冲浪板 冲浪
racket racquet | 球拍
bottle | 瓶
glass wineglass goblet | 酒杯 玻璃杯 杯
cup mug | 杯
fork | 叉
knife | 刀
spoon | 勺 匙
bowl | 碗
plate dish | 盘 碟
food meal dish | 食物 食品 饭 菜 餐
banana | 香蕉
apple | 苹果
fruit | 水果 果
vegetable | 蔬菜 菜
sandwich burger hamburger | 三明治 汉堡
orange tangerine | 橙 橘
broccoli | 西兰花 花菜
carrot | 胡萝卜
pizza | 比萨 披萨
donut doughnut | 甜甜圈
cake | 蛋糕
chair armchair seat stool | 椅 凳 座位
couch sofa | 沙发
plant houseplant pot | 植物 盆栽
flower blossom rose tulip | 花
tree palm | 树
bed | 床
table desk | 桌 台
toilet | 马桶 厕所 坐便器
television tv monitor screen display | 电视 显示器 屏幕
laptop notebook computer | 笔记本电脑 电脑
mouse | 鼠标 老鼠
remote | 遥控器
keyboard | 键盘
phone cellphone smartphone telephone mobile | 手机 电话
microwave | 微波炉
oven stove | 烤箱 炉 灶
toaster | 烤面包机
sink basin | 水槽 洗手池 洗手盆
refrigerator fridge | 冰箱
book | 书
clock watch | 钟 表
vase | 花瓶
scissors | 剪刀
teddy toy doll | 玩具 泰迪熊 玩偶 娃娃
hairdryer dryer | 吹风机
toothbrush | 牙刷
clothing clothes shirt dress jacket coat suit trousers jeans wearing dressed | 衣服 衣 穿 裤 裙 外套 衬衫
footwear shoe boot sneaker sandal | 鞋 靴
hat cap helmet | 帽 头盔
glasses sunglasses goggles | 眼镜 墨镜 护目镜
wheel tire tyre car vehicle truck bus bicycle bike motorcycle | 轮 车
window | 窗
door gate | 门
building house tower skyscraper | 建筑 楼 房 大厦 塔
bridge | 桥
road street highway lane | 路 街 道
mountain hill | 山
camera | 相机 摄像机 照相机
picture painting photo frame | 画 照片 图片 相框
box carton | 箱 盒
fish | 鱼
butterfly moth | 蝴蝶 蝶 蛾
insect bee bug butterfly | 昆虫 虫 蜂 蝶
flag | 旗
fence | 栅栏 围栏 篱笆
stairs staircase steps | 楼梯 台阶
`;

interface Thing {
  readonly stems: ReadonlySet<string>;
  readonly chinese: readonly string[];
}

const KNOWN: readonly Thing[] = THINGS.trim()
  .split('\n')
  .map((line) => {
    const [english = '', chinese = ''] = line.split(' | ');
    return { stems: new Set(english.split(' ').map(stemOf)), chinese: chinese.split(' ') };
  });

/** Whether a description mentions a thing by any of its names; `unknown` where it cannot be told, as in another language. */
export function mentions(description: Book, name: string): boolean | 'unknown' {
  const { plain, stems: told } = description;
  if (plain.includes(name.toLowerCase())) return true;
  const things = thingsCalled(name);
  const isNamed = ({ stems, chinese }: Thing) =>
    [...stems].some((stem) => told.has(stem)) || chinese.some((one) => plain.includes(one));
  if (things.some(isNamed)) return true;
  const otherLanguage = HAN.test(plain) || HAN.test(name);
  if (otherLanguage) return things.length > 0 ? false : 'unknown';
  return hasWord(description, headOf(name));
}

/** A thing's name in a language, as far as it is known. */
export function nameIn(language: 'en' | 'zh', name: string): string {
  if (language === 'en') return name;
  return thingsCalled(name)[0]?.chinese[0] ?? name;
}

// The last word says what it is: “traffic light”, “potted plant”.
function headOf(name: string): string {
  return name.toLowerCase().trim().split(/\s+/).at(-1) ?? name;
}

function thingsCalled(name: string): readonly Thing[] {
  const stem = stemOf(headOf(name));
  return KNOWN.filter(({ stems, chinese }) => stems.has(stem) || chinese.includes(name));
}
