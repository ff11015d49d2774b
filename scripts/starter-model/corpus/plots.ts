/**
 * The frames of the stories: what somebody wants at the beginning, how it goes on from time to time, and how it ends.
 * A story takes its opening, its steps and its ending from the same plot, so the end answers the beginning.
 */
import { lines } from './vocabulary.ts';

export interface Plot {
  openings: string[];
  steps: string[];
  endings: string[];
}

/** The first sentences of any story. {intro} says who the hero is; every opening also brings in the friend. */
export const introductions = lines(`
  Once upon a time there was a {hero.look} {hero.kind} called {hero}. [{Hero} lived {home.near}.|Everyone in the village knew {him}.|{He} lived with {his} {relative} {home.near}.] {His} best friend was {friend}.
  {Hero} was a {hero.look} {hero.kind}. {He} lived {home.near} with {his} {relative}. Every day after school {friend} came to visit.
  {Hero} and {friend} were friends. {Hero} was {hero.look}, and {friend} was {friend.look}. They lived {home.near}.
  Long ago, {home.near}, there lived a {hero.look} {hero.kind} whose name was {hero}. {He} had only one friend, and that was {friend}.
  It was a {weather} [day|night|morning|evening] in {thisSeason}. {Hero} sat {seat} and waited for {friend}. {more}
  One {weather} [day|morning|afternoon|evening], {hero} and {friend} went to {the.place}. {Place.there}. {more}
  Nobody {home.near} was as {hero.look} as {hero}, and nobody was as {friend.look} as {friend}. Perhaps that is why they were friends.
  There was once a {hero.kind} who [was never on time|could not whistle|was afraid of the dark|talked to the moon|slept with one eye open|always said no|collected {things}|hated {food}|asked too many questions|was too small to reach the shelf]. {His} name was {hero}, and {his} friend was called {friend}.
  When {hero} was [five|six|seven|eight|nine|ten] years old, {he} moved to a house {home.near}. The first person {he} met was {friend}. {more}
  In {month}, {hero} went to stay with {his} {relative}, who lived {home.near}. {He} did not know anyone there except {friend}. {more}
`);

export const plots: Plot[] = [
  {
    openings: lines(`
      {Hero} owned a {prize.look} {prize}. It had belonged to {his} {relative}. One day it was gone.
      One morning the {prize} was missing. {Hero} had put it {spot}, and now it was not there anymore.
      Somebody had stolen the {prize} from {helper}. "Who will find it?" asked {helper}. "I will," said {hero}.
    `),
    steps: lines(`
      They looked for the {prize}. {search} {search}
      "Have you seen a {prize.look} {prize}?" asked {hero}. {search} {more}
      {Hero} thought that {he} saw the {prize}, but it was only a {other}. {search}
      There was a clue {spot}: a {color} thread. {talk} {search}
      {Helper} had seen the {prize}. "[A stranger|Somebody|A {animal}] took it to {the.far}," said {helper}. {talk}
    `),
    endings: lines(`
      At last {hero} found the {prize} {spot}. {Friend} was {feeling} too.
      In the end the {prize} was {spot}. They laughed and ate some {food}.
      The {prize} was never seen again. But {hero} found a friend instead, and that was better.
      The {prize} had been right in front of {him} all the time. {Hero} blushed, and everybody laughed.
    `),
  },
  {
    openings: lines(`
      One day {hero} heard about {the.far}. "I want to go there," {he} said. {talk}
      {Hero} had never seen {the.far}. Each night {he} dreamed about it, and one morning {he} packed {his} bag.
      {His} {relative} told {him} about {the.far}, where the {prize} was hidden. The next day they set out.
    `),
    steps: lines(`
      They asked for the way to {the.far}. {exchange} {more}
      They {walked} for {few} days toward {the.far}. {more}
      "How much farther is it to {the.far}?" asked {friend}. "Not far," said {hero}. {more}
      It was a long journey, and their feet hurt. {more} {talk}
      The map was wrong. {talk} {more}
    `),
    endings: lines(`
      When they finally reached {the.far}, it was different from what they had imagined. It was better.
      They never reached {the.far}. But the way there had been so beautiful that nobody minded.
      They stood {far.in} at last. "Is that all?" asked {friend}. "It is enough," said {hero}.
      On the way home they did not talk much. They had seen {the.far}, and they would never forget it.
    `),
  },
  {
    openings: lines(`
      {Helper} was ill and needed {food}. "I'll get some," said {hero}, "even if I have to go to {the.far}."
      Everyone {home.near} was worried about {helper}. For {number} days {helper.he} had not spoken. {Hero} wanted to help.
      {Helper} had lost the {prize}, and since then {helper.he} had been ill with grief. {Hero} decided to help {helper.him}.
    `),
    steps: lines(`
      {Hero} visited {helper}. {Helper} {helper.work}. {exchange} {more}
      {Helper} was getting worse. {talk} {more}
      {Hero} brought {helper} some {food}. "{remark}" said {helper}. {more}
      They asked a {trade} for advice. "{remark}" said the {trade}. {more}
    `),
    endings: lines(`
      Soon {helper} was well again. "Thank you, {hero}," {helper.he} said, and {he} turned red.
      {Helper} smiled for the first time in {number} years. "Thank you," {helper.he} said.
      From that day on, {helper} was never alone. {Hero} and {friend} came to visit every {day}.
    `),
  },
  {
    openings: lines(`
      {Hero} found a {pet.look} {pet} {seat}. It was cold and alone, so {he} took it home.
      There was a {pet.look} {pet} {place.in} that everyone was afraid of. Only {hero} was not.
      {Hero} wished for a {pet}, but {his} {relative} said no. Then, on {day}, a {pet.look} {pet} sat in front of the door.
    `),
    steps: lines(`
      The {pet} {pet.act}. {Hero} laughed. {more}
      The {pet} was gone. {search} {search}
      {Hero} gave the {pet} some {food}. It {pet.act}. {more}
      "The {pet} can't stay here," said {his} {relative}. {talk}
      {Hero} taught the {pet} a trick. {more}
    `),
    endings: lines(`
      In {season}, the {pet} had to go back into the wild. {Hero} waved until it was out of sight.
      And the {pet} stayed. It slept on {his} bed every night, and it snored.
      The {pet} licked {his} {body}. "It likes you best," said {friend}, and that was true.
    `),
  },
  {
    openings: lines(`
      On {day} there was going to be a contest. The winner would get a {prize.look} {prize}. {Hero} wanted to win.
      "Tomorrow is the great race," said {helper}. "The prize is a {prize}." {Hero} could not sleep that night.
      Everybody was preparing for the feast. {Hero} had to bring a {prize}, but {he} had none and no money either.
    `),
    steps: lines(`
      {Hero} practiced all day. {more}
      There was still so much to do before {day}. {more} {talk}
      "You will never win," said {helper}. {talk} {more}
      {Friend} helped {him} to get ready. {more}
      {Hero} was so nervous that {he} could not eat. {talk}
    `),
    endings: lines(`
      {Hero} came in last, but {he} had never had so much fun. {Friend} clapped the loudest.
      {Hero} won, and {he} gave the {prize} to {friend}.
      The feast lasted until morning. Nobody asked about the {prize}, because there was music, and everybody danced.
    `),
  },
  {
    openings: lines(`
      One evening there was a strange light {place.in}. "What can it be?" asked {hero}. {talk}
      Every night at {hour}, there was {sound} {place.in}. Nobody knew where it came from. {Hero} wanted to find out.
      There was a locked door {place.in}, and nobody had ever opened it. {Hero} had a key that fitted no lock. {talk}
    `),
    steps: lines(`
      They hid {seat} and watched. {more} {more}
      {Hero} wrote down everything that they knew. It was not much. {talk}
      There it was again, the same as the night before. {talk} {more}
      "I don't think that we should be here," said {friend}. {more}
      They found a clue {spot}: a {other.look} {other}. {talk} {more}
    `),
    endings: lines(`
      It had been {helper} all the time. "{remark}" {helper.he} said, and they all laughed.
      They never found out what it was. Some things are better when nobody can explain them.
      It was only an old {animal} that wanted company. From then on, they brought it some {food} every night.
    `),
  },
  {
    openings: lines(`
      {Hero} wanted to build a {craft}, bigger and better than any other. {talk}
      "I'm going to be a {trade}," said {hero} one day. Everybody laughed, except {friend}.
      {Hero} could do many things, but {he} could not {skill}. {Friend} wanted to teach {him}.
    `),
    steps: lines(`
      {Hero} worked and worked. {more}
      It did not go well. {Hero} made {number} mistakes in one day. {talk}
      "Show me how to do it," said {hero}. {talk} {more}
      {Hero} wanted to give up, but {friend} would not let {him}. {more}
      {Helper} watched them [in silence|from the door|with folded arms]. "{remark}" said {helper}. {more}
    `),
    endings: lines(`
      When it was finished, {hero} could not stop smiling. It was not perfect, but it was {hers}.
      "You did it!" cried {friend}. {Hero} looked at {his} hands. They were dirty, and {he} was proud of them.
      Years later, {hero} really was a {trade}. On the shelf above {his} bed stood a {craft.look} {craft}.
    `),
  },
  {
    openings: lines(`
      {Helper} and {hero} had quarreled about a {prize}. Since then they had not spoken to each other.
      {Hero} had broken the {prize} of {helper}, and nobody knew it. It was a heavy secret.
      {Hero} had moved away, and {friend} missed {him} terribly. Every {day} {friend.he} wrote a letter.
    `),
    steps: lines(`
      {Hero} could not stop thinking about it. {more} {more}
      {Hero} went to the house of {helper}, but {he} did not knock. {more}
      "Why don't you say that you are sorry?" asked {friend}. {talk}
      {Hero} wrote a letter and tore it up again. {more}
    `),
    endings: lines(`
      "I was wrong," said {hero}. "So was I," said {helper}. After that, they sat together for a long time without a word.
      {Hero} told the whole truth. It was easier than {he} had feared, and that night {he} slept well.
      A letter came on {day}. There was only one word in it: "Come." {Hero} ran all the way.
    `),
  },
];

/** The very last sentences. */
export const farewells = lines(`
  That night {hero} slept well.
  That night {hero} dreamed of {food} and a {thing.look} {thing}.
  "{remark}" said {friend}. {Hero} smiled. Tomorrow was another day.
  They went home and told {his} {relative} everything.
  And if you go to {the.far}, you can still hear people talk about it.
  And they lived happily ever after.
  That is the end of the story, or nearly.
  Outside, {it.weather}.
  The lamp went out, and the house was still.
  Nobody has ever told this story before.
  Then they went to bed, for it was very late.
`);
