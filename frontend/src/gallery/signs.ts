import { glyphBlob } from "../answers/glyphs";
import { ANSWER_ORDER, answerColours } from "../answers/palette";

/**
 * The signs of answers as pictures that style sheets can name (`--sign-yes` and so on): a picture behind a patch is
 * painted without the layout that a character of a font takes.
 */
export async function bringSigns(element: HTMLElement): Promise<void> {
  const colours = answerColours();
  const blobs = await Promise.all(ANSWER_ORDER.map((answer) => glyphBlob(answer, colours)));
  for (const [number, answer] of ANSWER_ORDER.entries()) {
    const url = URL.createObjectURL(blobs[number] as Blob);
    element.style.setProperty(`--sign-${answer}`, `url("${url}")`);
  }
}
