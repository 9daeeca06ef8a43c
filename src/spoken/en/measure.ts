import type { Rule } from '../rule.ts';
import { cardinal, fraction, mixedFraction, quantity } from './number.ts';
import { begin, negative, number, rx, scale, sign } from './pattern.ts';

const table = `
mm millimeter | cm centimeter | dm decimeter | m meter | km kilometer | µm micrometer | μm micrometer | nm nanometer | mi mile | ft foot feet
yd yard | yds yard | mg milligram | g gram | kg kilogram | kgs kilogram | µg microgram | μg microgram | lb pound | lbs pound | oz ounce
l liter | L liter | ml milliliter | mL milliliter | dl deciliter | dL deciliter | cl centiliter | gal gallon | qt quart | tsp teaspoon
tbsp tablespoon | s second | sec second | secs second | ms millisecond | µs microsecond | μs microsecond | ns nanosecond | min minute
mins minute | h hour | hr hour | hrs hour | wks week | yrs year | Hz hertz hertz | kHz kilohertz kilohertz | MHz megahertz megahertz | GHz gigahertz gigahertz
W watt | kW kilowatt | MW megawatt | GW gigawatt | kWh kilowatt@hour | MWh megawatt@hour | Wh watt@hour | V volt | kV kilovolt | mV millivolt
mA milliamp | mAh milliamp@hour | J joule | kJ kilojoule | kcal kilocalorie | cal calorie | N newton | Pa pascal | hPa hectopascal
kPa kilopascal | MPa megapascal | psi PSI PSI | dB decibel | KB kilobyte | kB kilobyte | MB megabyte | GB gigabyte | TB terabyte | PB petabyte
KiB kibibyte | MiB mebibyte | GiB gibibyte | kbps kilobit@per@second kilobits@per@second | mbps megabit@per@second megabits@per@second
gbps gigabit@per@second gigabits@per@second | mph mile@per@hour miles@per@hour | kph kilometer@per@hour kilometers@per@hour
kmph kilometer@per@hour kilometers@per@hour | rpm RPM RPM | fps frame@per@second frames@per@second | px pixel | dpi DPI DPI | ha hectare
m² square@meter | m2 square@meter | km² square@kilometer | km2 square@kilometer | cm² square@centimeter | cm2 square@centimeter
ft² square@foot square@feet | ft2 square@foot square@feet | m³ cubic@meter | m3 cubic@meter | km³ cubic@kilometer | cm³ cubic@centimeter | cm3 cubic@centimeter
mi² square@mile | °C degree@Celsius degrees@Celsius | °F degree@Fahrenheit degrees@Fahrenheit | ℃ degree@Celsius degrees@Celsius
℉ degree@Fahrenheit degrees@Fahrenheit | ° degree | % percent percent | ‰ per@mille per@mille | Ω ohm | kΩ kilohm`;

const units = new Map(
  table
    .trim()
    .split(/\s*[|\n]\s*/u)
    .map((row) => {
      const [sign = '', one = '', many = `${one}s`] = row.split(' ');
      return [sign, { one: one.replaceAll('@', ' '), many: many.replaceAll('@', ' ') }] as const;
    }),
);
// KG, Mbps and gb mean kg, mbps and GB; a single letter means what its case says.
const anyCase = new Map(
  [...units].filter(([sign]) => sign.length > 1).map(([sign, unit]) => [sign.toLowerCase(), unit]),
);
const unitOf = (written: string) =>
  units.get(written) ?? (written.length > 1 ? anyCase.get(written.toLowerCase()) : undefined);

function name(written: string, single: boolean): string | null {
  const [over = '', under] = written.split('/');
  const unit = unitOf(over);
  const per = under === undefined ? undefined : unitOf(under);
  if (!unit || (under !== undefined && !per)) return null;
  const words = single ? unit.one : unit.many;
  return per ? `${words} per ${per.one}` : words;
}

const unit = String.raw`(°[CF]?|[%‰℃℉Ω]|[\p{L}µμ]{1,4}[²³23]?(?:\/[\p{L}µμ]{1,3}[²³]?)?)(?![\p{L}\p{N}²³])`;
const unitSource = rx(`^ ?${unit}`);

/** Whether a text begins with a unit, perhaps after a blank. */
export function beginsWithUnit(text: string): boolean {
  unitSource.lastIndex = 0;
  const written = unitSource.exec(text)?.[1];
  return written !== undefined && name(written, false) !== null;
}

export const measure: readonly Rule[] = [
  {
    class: 'measure',
    pattern: rx(String.raw`${begin}(?:(\d+) )?(\d+)\/(\d+) ?${unit}`),
    say({ group }) {
      const words = name(group(4), false);
      if (words === null || group(3) === '0') return null;
      const single = name(group(4), true);
      return group(1) === ''
        ? `${fraction(group(2), group(3))} ${single}`
        : `${mixedFraction(group(1), group(2), group(3))} ${words}`;
    },
  },
  {
    class: 'measure',
    pattern: rx(String.raw`(?<![\p{L}\p{N}]|\p{N}[.,])${sign}(${number})( ${scale})? ?${unit}`),
    say({ text, group }) {
      const words = name(group(3), group(1) === '1' && group(2) === '');
      return words === null ? null : `${negative(text)}${quantity(group(1))}${group(2)} ${words}`;
    },
  },
  {
    class: 'measure',
    pattern: rx(String.raw`${begin}(\d)['′] ?(\d{1,2})(?:["″]|'')`),
    say: ({ group }) => `${cardinal(group(1))} foot ${cardinal(group(2))}`,
  },
];
