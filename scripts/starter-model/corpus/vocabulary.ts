/** Word lists that need no more than the word: names, traits, feelings, numbers, times and the like. */

/** A comma list. */
export function words(list: string): string[] {
  return list.split(',').map((word) => word.trim());
}

/** The lines of a text block, without its margin and empty lines. */
export function lines(block: string): string[] {
  return block
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export const girls = words(
  `Anna, Mira, Lily, Tessa, Nora, Ada, Ivy, Clara, Ruby, Elsa, Maya, Zoe, Hana, Lena, Rosa, Dora, Freya, Poppy,
  Greta, Nina, Sara, Alma, Wren, Hazel, June, Pia, Olive, Kira, Edith, Marta, Lucy, Emma, Alice, Mary, Jane, Ella`,
);
export const boys = words(
  `Tom, Ben, Oscar, Milo, Finn, Leo, Sam, Hugo, Otto, Max, Theo, Jonas, Emil, Ravi, Karl, Arlo, Peter, Noah, Ned,
  Felix, Ivan, Jack, Albert, Gus, Pip, Rolf, Simon, Toby, Walter, Omar, Henry, George, Paul, Luke, Adam, Martin`,
);

export const characters = words(
  `kind, brave, clever, shy, gentle, curious, lazy, proud, patient, cheerful, lonely, stubborn, careful, quiet, honest,
  polite, wise, silly, busy, friendly, grumpy, poor, rich, strong, young, tall, thin, small, serious, careless, restless,
  hopeful, thoughtful, fearless, timid, bold, calm, loud, nervous, generous, greedy, sensible, dreamy, helpful, slow`,
);
export const feelings = words(
  `happy, sad, proud, tired, hungry, scared, angry, excited, worried, lonely, calm, surprised, glad, sleepy, nervous,
  thirsty, confused, sorry, jealous, thankful, bored, hopeful, ashamed, afraid, cheerful, pleased, puzzled, grateful,
  cross, frightened, curious, silly, unhappy, furious, dizzy, sick, delighted, disappointed, eager`,
);
export const manners = words(
  `slowly, quickly, quietly, softly, gently, happily, sadly, carefully, loudly, suddenly, bravely, politely, proudly,
  kindly, nervously, gladly, angrily, eagerly, patiently, calmly, firmly, sternly, at once, in a low voice, at last,
  with a smile, with a sigh, again, almost in a whisper, over and over, seriously, crossly, sleepily, cheerfully`,
);
export const colors = words(
  'red, blue, green, yellow, white, black, brown, gray, pink, purple, orange, golden, silver',
);
export const numbers = words(
  'two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, twenty, thirty, forty, fifty, a hundred',
);
export const days = words('Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday');
export const months = words(
  'January, February, March, April, May, June, July, August, September, October, November, December',
);
export const seasons = words('spring, summer, autumn, winter');
export const relatives = words(
  `mother, father, grandmother, grandfather, aunt, uncle, cousin, sister, brother, older sister, little brother`,
);
export const weathers = words(
  `sunny, rainy, windy, cloudy, foggy, snowy, stormy, warm, cold, hot, misty, frosty, gray, bright, quiet, mild, chilly,
  clear, damp, lovely, ordinary`,
);
export const sounds = words(
  `a bell, a whistle, a knock, a song, a splash, a crash, a whisper, a growl, a squeak, a rumble, a laugh, a cry, a hum,
  a bang, a howl, a buzz, a creak, a rustle, a thump, a click, a scream, a shout, a tap, a roar, a sneeze, a cough,
  a tune, a groan, an echo, a strange voice, a soft sound, a great noise, the sound of hooves, the ringing of a bell`,
);
export const bodyParts = words(
  'hand, foot, nose, ear, knee, arm, shoulder, finger, leg, chin, elbow, thumb, toe, heel',
);
export const clothes = words(
  'hat, coat, scarf, jacket, apron, cloak, cap, shirt, sweater, dress, belt, vest',
);
export const instruments = words('violin, flute, drum, piano, trumpet, fiddle, accordion, harp');
export const materials = words(
  'wood, stone, glass, iron, gold, silver, wool, straw, paper, clay, leather, bone, brass, silk, wax',
);

export const times = words(
  `In the morning, After lunch, In the afternoon, In the evening, At night, Before dawn, At noon, Later, Soon,
  After a while, The next day, A few minutes later, That evening, An hour later, Then, Suddenly, By sunset,
  Two days later, The next morning, After the rain, Before dinner, Just then, On the way, Meanwhile, Once more,
  At midnight, All at once, For a moment, Little by little, When the bell rang, When the sun rose, When it was dark,
  As usual, Finally, After breakfast, After supper, Late that night, Early the next morning, The week after,
  A moment later, At that very moment, Toward evening, Before long, Once again, In the meantime, A month later, Now,
  The following day, One afternoon, At sunrise, During the night, The day after that`,
);
