/** A straight line through measurements, by least squares. */

export interface Line {
  /** Units of y for each unit of x. */
  slope: number;
  /** Its standard error, as if measurements were independent of each other. */
  error: number;
}

/** The line that is nearest to the points; with fewer than three its error is unknown: 0. */
export function fitLine(points: readonly [x: number, y: number][]): Line {
  const count = points.length;
  const mean = (index: 0 | 1) => points.reduce((sum, point) => sum + point[index], 0) / count;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return { slope: 0, error: 0 };
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, error: count > 2 ? Math.sqrt(rest / (count - 2) / spread) : 0 };
}
