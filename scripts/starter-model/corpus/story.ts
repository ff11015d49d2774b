/** A story from its opening to its ending, and the stream of all stories. */
import { Random } from '../../../src-main/engine/random.ts';
import { chance, pick, sample } from '../draw.ts';
import { drawCast } from './cast.ts';
import { polish } from './grammar.ts';
import { farewells, introductions } from './plots.ts';
import { scenes } from './scenes.ts';
import { Stage } from './stage.ts';
import { smallWords } from './words.ts';

/** Writes `count` stories; the seed decides all of them. */
export function* stories(seed: number, count: number): Generator<string> {
  const random = new Random(seed);
  for (let index = 0; index < count; index++) yield writeStory(random);
}

/** Writes one story, its paragraphs parted by single newlines. */
export function writeStory(random: Random): string {
  const cast = drawCast(random);
  const stage = new Stage(random, cast);
  stage.setScene();
  const paragraphs = [stage.tell(pick(random, introductions)) + stage.tell(pick(random, cast.plot.openings))];
  const sceneCount = 2 + random.below(5);
  // A few scenes that suit this story come again in other words.
  const favourites = sample(random, scenes.anywhere, 4);
  for (let index = 0; index < sceneCount; index++) paragraphs.push(writeParagraph(stage, favourites));
  stage.setScene();
  paragraphs.push(stage.tell(pick(random, cast.plot.endings)) + stage.tell(pick(random, farewells)));
  return polish(paragraphs.map((paragraph) => paragraph.trim()).join('\n'));
}

/** Perhaps a way to somewhere else, perhaps a step of the plot, and one or two scenes. */
function writeParagraph(stage: Stage, favourites: readonly string[]): string {
  const { random, cast } = stage;
  const moves = chance(random, 0.3);
  const elsewhere = cast.stations.filter((station) => station !== stage.place);
  if (moves) stage.place = pick(random, elsewhere);
  stage.setScene();
  let text = moves ? stage.tell(pick(random, smallWords.arrivals)) : '';
  if (chance(random, 0.4)) text += stage.tell(pick(random, cast.plot.steps));
  const count = 1 + random.below(2);
  for (let index = 0; index < count; index++) {
    text += stage.tell(chance(random, 0.25) ? pick(random, favourites) : stage.scene());
  }
  return text;
}
