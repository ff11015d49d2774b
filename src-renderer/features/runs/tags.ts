/** Tags as a person writes them: "paper, sea". */
const LONGEST = 40;
const MOST = 20;

/** @throws Error that says which tag is too long, or that they are too many */
export function tagsFrom(text: string): string[] {
  const tags = [...new Set(text.split(',').map((tag) => tag.trim()))].filter(Boolean);
  const long = tags.find((tag) => tag.length > LONGEST);
  if (long)
    throw new Error(
      `A tag has ${LONGEST} letters at most; put commas between tags: "${long.slice(0, LONGEST)}…"`,
    );
  if (tags.length > MOST) throw new Error(`A run has ${MOST} tags at most; these are ${tags.length}.`);
  return tags;
}
