/**
 * What people say: questions with their answers, and remarks. Grouped by what must have appeared in the scene.
 * A line of `exchanges` reads `question = answer / answer / …`.
 */
import type { Subject } from './moments.ts';
import { lines } from './vocabulary.ts';

export interface Exchange {
  question: string;
  answers: string[];
}

function exchanges(block: string): Exchange[] {
  return lines(block).map((line) => {
    const [question = '', answers = ''] = line.split(' = ');
    return { question, answers: answers.split(' / ') };
  });
}

export const questions: Record<Subject, Exchange[]> = {
  anyone: exchanges(`
    Why are you crying? = I lost my {other}. / I'm not crying. / Nobody wants to play with me. / I cut my {body}. / I miss my {relative}. / Because it is all my fault.
    Why are you laughing? = You look {feeling}. / I remembered a joke. / You have flour on your nose. / I'm just happy. / I can't help it.
    How far is it to {the.far}? = It is {number} miles from here. / Not far. / You will be there by {day}. / Farther than you think. / Too far for today.
    Are you hungry? = Yes, very. / I could eat a whole cow. / No, I had some {food}. / I'm always hungry. / A little. / Not anymore.
    What shall we do now? = Let's go to {the.far}. / We must find the {prize}. / Let's wait here. / Let's ask {absent}. / I have no idea. / We could turn back. / Whatever you like.
    Did you hear that? = It was only the wind. / It was {sound}. / I heard nothing. / Hide! / It came from {the.far}. / Yes, and it is getting louder.
    What do you need? = I need a {other.look} {other}. / Some {food} and a warm bed. / A friend. / Nothing, thank you. / More time. / Someone to talk to.
    Are you afraid? = Not at all. / A little. / Only of the dark. / Yes, but don't tell anyone. / Not while you are here. / Who isn't?
    What time is it? = It is past midnight. / It is nearly {hour}. / Too late. / Time to go home. / My clock stopped at {hour}.
    Who is there? = It's me. / It's only {absent}. / Nobody. / A friend. / Open the door and see.
    Can you keep a secret? = Of course I can. / It depends. / I have never told one yet. / No, so don't tell me.
    Do you remember last {season}? = I'll never forget it. / It rained all the time. / I try not to. / We were happy then. / You broke my {other}.
    Where have you been? = I was {seat}. / I was {far.in}. / I got lost. / I went to see my {relative}. / I would rather not say. / Nowhere.
    May I come with you? = Of course you may. / Only if you are quiet. / It is too dangerous. / Ask your {relative} first. / Why not?
    Do you trust me? = Yes, I do. / Should I? / More than anyone. / I trusted you before, and look at us now.
    What is your plan? = We {action}, and then we {action}. / I don't have one. / We go in, and we come out again. / First we eat, then we think. / You will see. / We wait until it is dark.
    What does it mean? = It means trouble. / It means that spring is coming. / It is a warning. / It doesn't mean anything. / Ask {absent}.
    Why didn't you tell me? = You didn't ask. / I was ashamed. / I thought you knew. / I wanted to surprise you. / I tried to.
    Are we there yet? = Almost. / No. / Not yet. / We passed it an hour ago. / Be patient.
    Which way should we go? = To the left. / To the right. / Straight ahead. / The way we came. / It doesn't matter.
    How do you know? = I can feel it. / I read it somewhere. / Everybody knows that. / My {relative} told me. / I'm only guessing.
    What is it? = A {noun}. / A {noun}, I think. / Just some {mass}. / It could be a {noun}. / Nothing {quality}.
    Is that a {noun}? = No, it is a {noun}. / Yes, and not a small one. / It used to be.
    Is it {quality}? = Yes, it is. / No, it isn't. / It was, yesterday. / Only if you want it to be.
    Why is it so {quality}? = Because of the {mass}. / I wish I knew. / It isn't {quality} at all.
    Is it true? = Every word of it. / Most of it. / I'm afraid so. / That is what they say.
    What did you dream about? = About {the.far}. / I never dream. / About a {other.look} {other}. / I was flying over the roofs.
  `),
  outdoors: exchanges(`
    Will it rain? = I think so. / Not today. / It always rains here. / Look at the sky! / It is going to snow.
    Are you cold? = Yes, I'm freezing. / Take my {garment}. / No, I'm as warm as toast. / Only my toes.
    What is behind that cloud? = Another cloud. / The moon, I suppose. / Nothing but air. / You ask too many questions.
    Do you see the light over there? = It is only a star. / It is a ship. / Someone is still awake. / Yes, let's go closer. / No, I don't see any light.
  `),
  thing: exchanges(`
    Where did you find the {thing}? = I found it {spot}. / It was {spot} all the time. / My {relative} gave it to me. / I won't tell you. / I bought it for {number} coins. / It fell from the sky.
    Where is the {thing}? = It is {spot}. / Somebody took it. / I gave it away. / I don't know. / You are holding it. / It is gone.
    Can I have the {thing}? = No, it's mine. / Yes, but be careful. / Only if you bring me some {food}. / You may keep it until {day}. / Of course you can. / What will you give me for it?
    Who broke the {thing}? = It was me, and I'm sorry. / It was broken before. / Nobody knows. / It broke by itself. / Not me!
    How old is the {thing}? = It is {number} years old. / Older than my {relative}. / Nobody can say. / It is quite new.
    What is the {thing} for? = You will need it. / Nobody remembers. / It is for {day}. / It is for those who are lost. / It isn't for anything.
    Is the {thing} yours? = It was my {relative}'s. / It belongs to no one. / Yes, of course. / I wish it were. / It is ours.
    How much does the {thing} cost? = {Number} coins. / Nothing, for you. / More than you have. / It is not for sale.
    Why is the {thing} {thing.look}? = It was always like that. / Because nobody takes care of it. / That is a long story. / Is it?
  `),
  animal: exchanges(`
    Have you seen my {animal}? = Yes, it was {seat}. / No, I haven't. / It ate my lunch. / Is it {animal.look}? / It went that way.
    Does the {animal} bite? = Only on {day}. / Not anymore. / It never bites friends. / Try it and see.
    What does the {animal} want? = Some {food}, I think. / It wants to go home. / It wants to play. / Nothing. / It is trying to tell us something.
    Is that your {animal}? = No, it just follows me. / Yes, since last {season}. / It is nobody's {animal}. / I'm its friend.
    Can the {animal} stay? = Just for one night. / If it behaves. / Where would it sleep? / Yes, please!
  `),
  helper: exchanges(`
    What is your name? = They call me {newcomer}. / My name is {newcomer}. / I have no name. / Why do you ask? / I am {newcomer}, that is all you need to know.
    Are you really {helper.a}? = Since I was a child. / I'm still learning. / What do I look like? / Yes, and a good one.
    Can you help us? = I'll do my best. / Not today. / Gladly. / What is the matter? / That depends. / I have been waiting for you.
    How long have you lived here? = For {number} years. / All my life. / Since the great storm. / Longer than I can remember.
    Do you live here alone? = I have my {other}. / Not anymore. / Yes, but I'm never lonely. / There used to be {number} of us.
  `),
  food: exchanges(`
    Do you like {food}? = I like {food} very much. / No, I don't. / Only on {day}. / Everybody likes {food}. / Who doesn't?
    Who ate {food.the}? = It wasn't me. / I did, and I'm not sorry. / The {other} is empty too. / You did!
    Is there any {food} left? = Not a crumb. / A little. / There is plenty. / Look {spot}.
    Where do you get such good {food}? = That is a secret. / Ask my {relative}. / At the market, on {day}. / It is luck, mostly.
  `),
};

export const remarks: Record<Subject, string[]> = {
  anyone: lines(`
    I want to see {the.far}.
    I'm {feeling}.
    Let's go home.
    You are very {character}.
    Come with me.
    Wait for me!
    It is too late now.
    Be careful.
    I'll help you.
    Tomorrow is {day}.
    I can hear {sound}.
    There is somebody {seat}.
    I dreamed about this place.
    We are lost.
    I know a shortcut.
    You must be {feeling}.
    It wasn't my fault.
    I promise.
    Look!
    Don't be silly.
    Everything will be all right.
    I have never been so {feeling} in my life.
    We should have stayed at home.
    If I were you, I would ask {absent}.
    That makes no sense.
    I can't see anything.
    We have to hurry.
    I would do it again.
    You can't be serious.
    That was close.
    Never mind.
    I told you so.
    You are right.
    I changed my mind.
    I don't believe you.
    Sorry, I didn't mean it.
    There must be a reason.
    Nobody will ever know.
    I'm sure we can do it.
    Either we go now, or we never go at all.
    It isn't fair.
    We haven't got much time.
    Good night.
    Good morning.
    Thank you for everything.
    It could be worse.
    We don't need a {other} for that.
    Leave it to me.
    Someone has been here before us.
    I wish I could {wish}.
    One day I'll {wish}.
    We can {action}.
    Let me {action}.
    You must never {action}.
    If you like, we could {action}.
    It is difficult to {action}.
    I know how to {action}.
    Hold my hand.
    You always say that.
    My {relative} was right after all.
    There is no such thing.
    That is {quality}, isn't it?
    It can't be {quality}.
    It is rather {quality}, indeed.
    It may be {quality}, but it is ours.
    Nothing is as {quality} as {mass}.
    What is a {noun}, exactly?
    I saw a {noun} yesterday.
    I did it myself.
    Do it yourself!
    Unless you help me, we will never finish.
    I have a choice, and you have none.
    Anybody could do that.
    You have taken the last one.
    It is for whom?
    This one is hers, and that one is theirs.
    I was given a {noun} for my birthday.
    We need less {mass} and more {mass2}.
    Hello!
    My {relative} {habit}.
    Nobody {habit}.
    Somebody has been {activity}.
    We could be {activity} now.
    It has been {fate}.
    You are the {extreme} person that I know.
    There are too many {crowd}.
    {Crowd}! {Crowd2}! It never ends.
    It is getting {change}.
    You're standing on my foot.
    You'll see.
    We'll see about that.
    He'll be back.
    They weren't at home.
    I couldn't help it.
    I've had enough.
    Nothing has begun yet.
    It hasn't rained since {since}.
    Oh, I see.
    Ah, there you are!
    Oh dear!
    It is our turn now.
    These are our best ones.
    I admit it.
    Such things don't exist.
    The wind blows from the north.
    Let the wind blow!
    Fire burns, and ice burns too.
    Here, take a cookie.
    It is raining.
    Goats butt, and bees sting.
    Hush!
    Merry Christmas!
    It is unknown to me.
    Dear sir, that is a disgrace.
    You have been wonderful company.
    Whenever you like.
    Whichever you choose, you can't go wrong.
    Go towards the light.
    Hold it upside down.
    That goes beyond a joke.
    I wonder who has written this.
    At least we are alive.
    My feet hurt, and so does my {body}.
  `),
  outdoors: lines(`
    The weather is changing.
    What a {weather} day!
    I can smell the sea.
    A storm is coming.
    Look at the sky!
    The days are getting shorter.
  `),
  thing: lines(`
    The {thing} is {thing.look}.
    My {relative} had a {thing} like this.
    I have never seen such a {thing.look} {thing}.
    Don't touch the {thing}.
    Take the {thing} with you.
    This {thing} is not what it seems.
    Give me the {thing}.
    I will take care of the {thing}.
    There is no other {thing} like it.
    What a {thing.look} {thing}!
  `),
  animal: lines(`
    Look at that {animal}!
    The {animal} is following us.
    I think the {animal} likes you.
    I used to have a {animal}.
    Don't scare the {animal}.
    What a {animal.look} {animal}!
  `),
  helper: lines(`
    I have heard a lot about you, {hero}.
    You remind me of my {relative}.
    In my day, everything was different.
    Sit down and tell me everything.
    I am only {helper.a}, but I know a few things.
    Come back on {day}.
  `),
  food: lines(`
    Thank you for {food.the}.
    This is the best {food} in the world.
    Have some {food}.
    {Food.the} {food.is} {food.look}.
    I can't eat any more.
  `),
};
