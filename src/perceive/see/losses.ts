import { type Loss, lossOf } from '#contract/loss.ts';
import { DOUBTFUL_CHARACTER_BELOW, type TextLine } from '#contract/perception.ts';

/** Characters lower than this are small print: at 12 px 1.5 % were wrong, at 10 px 40 %, most of them left out (research/loss.md §1.5). */
const SMALL_BELOW_PX = 12;

/** What a reader's lines say about what was lost: doubtful characters, small print, what the alphabet lacks. One loss a line and kind. */
export function lossesOf(lines: readonly TextLine[], part: string, engine: string): readonly Loss[] {
  const at = { stage: 'perceive', part, engine } as const;
  return lines.flatMap((line): Loss[] => {
    const doubtful = line.characters.filter(isDoubtful);
    const losses: Loss[] = [];
    if (doubtful.length > 0) {
      losses.push(
        lossOf({
          ...at,
          kind: 'doubtful-character',
          text: line.text,
          extent: doubtful.length,
          unit: 'characters',
          message: `${spelled(doubtful)} in “${line.text}” may be wrong.`,
        }),
      );
    }
    if (line.heightPx > 0 && line.heightPx < SMALL_BELOW_PX) {
      losses.push(
        lossOf({
          ...at,
          kind: 'small-print',
          text: line.text,
          extent: Math.round(line.heightPx * 10) / 10,
          unit: 'px',
          certainty: 'estimated',
          message: `“${line.text}” is only ${Math.round(line.heightPx)} px high: characters may be missing or wrong.`,
          action: 'enlarged before it was read',
        }),
      );
    }
    if (line.unwritable) {
      losses.push(
        lossOf({
          ...at,
          kind: 'unwritable-character',
          text: line.text,
          certainty: 'estimated',
          message: `“${line.text}”: a character is drawn there that was not written; probably ${engine} does not know it.`,
          action: 'marked in the text',
        }),
      );
    }
    return losses;
  });
}

type Known = TextLine['characters'][number] & { readonly probability: number };

// One that nothing measured is unknown, not doubtful. A space is seen as a gap, whatever the reader thinks of it.
function isDoubtful(character: TextLine['characters'][number]): character is Known {
  return character.text !== ' ' && character.probability !== null && character.probability < DOUBTFUL_CHARACTER_BELOW;
}

function spelled(characters: readonly Known[]): string {
  return characters.map(({ text, probability }) => `“${text}” (${probability.toFixed(2)})`).join(', ');
}
