/**
 * A function as it might stand in anyone's account, with nothing of Overtime in it: it paints the Mandelbrot set band
 * by band and answers with a checksum of the picture. With its default event it works for about 20 s.
 */
import { createHash } from 'node:crypto';

const DEFAULTS = { width: 1200, height: 800, maxIterations: 44_000, bands: 20 };

export const handler = async (event, context) => {
  const { width, height, maxIterations, bands } = { ...DEFAULTS, ...event };
  const picture = createHash('sha256');
  let inside = 0;
  for (let band = 0; band < bands; band += 1) {
    const firstRow = Math.floor((band * height) / bands);
    const rowAfter = Math.floor(((band + 1) * height) / bands);
    for (let row = firstRow; row < rowAfter; row += 1) {
      const counts = paintRow(row, width, height, maxIterations);
      inside += counts.filter((count) => count === maxIterations).length;
      picture.update(Buffer.from(Uint16Array.from(counts).buffer));
    }
    console.log(`band ${band + 1} of ${bands} is painted, ${context.getRemainingTimeInMillis()} ms are left`);
    // Lets whatever else waits (a health check, a log line) have its turn, as a handler should.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    title: process.env.PICTURE_TITLE,
    width,
    height,
    pixelsInside: inside,
    sha256: picture.digest('hex'),
    requestId: context.awsRequestId,
  };
};

function paintRow(row, width, height, maxIterations) {
  const counts = new Array(width);
  const imaginary = (row / height) * 2.4 - 1.2;
  for (let column = 0; column < width; column += 1) {
    counts[column] = escapeTime((column / width) * 3.5 - 2.5, imaginary, maxIterations);
  }
  return counts;
}

/** How many steps the point takes to leave the circle of radius 2; `maxIterations` if it stays. */
function escapeTime(real, imaginary, maxIterations) {
  let x = 0;
  let y = 0;
  let steps = 0;
  while (x * x + y * y <= 4 && steps < maxIterations) {
    const next = x * x - y * y + real;
    y = 2 * x * y + imaginary;
    x = next;
    steps += 1;
  }
  return steps;
}
