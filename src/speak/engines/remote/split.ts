/** Cuts a text into stretches of at most so many characters: after a sign between clauses, else at a space, else anywhere. */
export function stretches(text: string, maxChars: number): string[] {
  const found: string[] = [];
  let rest = text.trim();
  while (rest.length > maxChars) {
    const room = rest.slice(0, maxChars);
    const at = [/[。！？；，、.!?;,](?=[^。！？；，、.!?;,]*$)/u, /\s(?=\S*$)/u]
      .map((sign) => room.search(sign))
      .find((place) => place > 0);
    // Not between the two halves of a character.
    const whole = /[\ud800-\udbff]$/.test(room) ? maxChars - 1 : maxChars;
    const end = at === undefined ? whole : at + 1;
    found.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return rest === '' ? found : [...found, rest];
}
