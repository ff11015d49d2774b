/**
 * Krippendorff's alpha for categories (nominal): how far people agree beyond what chance would give. Each may have judged
 * other things, and not all of them. Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability".
 */

/**
 * 1: all agree; 0: no more than by chance; below 0: less.
 * @param units of each thing that was judged, the judgements of the people, null where somebody gave none. Things with
 *   fewer than two judgements say nothing about agreement and are left out.
 * @returns null where nothing was judged twice, or all judgements are the same, so that chance cannot be told from agreement
 */
export function krippendorffAlpha(units: readonly (readonly (string | null)[])[]): number | null {
  const totals = new Map<string, number>();
  let [judgements, disagreement] = [0, 0];
  for (const unit of units) {
    const given = unit.filter((category) => category !== null);
    if (given.length < 2) continue;
    const counts = new Map<string, number>();
    for (const category of given) counts.set(category, (counts.get(category) ?? 0) + 1);
    for (const [category, count] of counts) {
      totals.set(category, (totals.get(category) ?? 0) + count);
      // Pairs of this judgement with a different one, each judgement weighing alike however often its thing was judged.
      disagreement += (count * (given.length - count)) / (given.length - 1);
    }
    judgements += given.length;
  }
  let byChance = 0;
  for (const total of totals.values()) byChance += total * (judgements - total);
  return byChance === 0 ? null : 1 - ((judgements - 1) * disagreement) / byChance;
}
