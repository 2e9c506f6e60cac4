import { Path, Select } from "./path";

/** Where the vectors of an answer stand. */
export class VectorPaths {
  each: Path = new Path(true);
  vector: Path = new Path(false);
  index: Path | null = null;
  tokens: Path | null = null;

  /** Depth of a vector, below which nothing needs to be seen; without limit where a filter looks into items. */
  get depth(): i32 {
    if (hasFilter(this.each) || hasFilter(this.vector)) return i32.MAX_VALUE;
    const each = this.each.segments.length;
    const index = this.index;
    const tokens = this.tokens;
    let depth = each + this.vector.segments.length;
    if (index !== null) depth = max(depth, each + index.segments.length);
    if (tokens !== null) depth = max(depth, tokens.segments.length);
    return depth;
  }
}

/** Where the results of a ranking stand. */
export class RankingPaths {
  each: Path = new Path(true);
  score: Path = new Path(false);
  index: Path | null = null;
  tokens: Path | null = null;
}

function hasFilter(path: Path): bool {
  for (let i = 0; i < path.segments.length; i++) {
    if (unchecked(path.segments[i]).select == Select.Filter) return true;
  }
  return false;
}
