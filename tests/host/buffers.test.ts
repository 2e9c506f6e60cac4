import { expect, test } from "vitest";
import { ByteQueue, toBytes, toText } from "./buffers.ts";

const whole = (queue: ByteQueue): string => toText(queue.read(0, queue.length));

test("a queue of several parts is read in windows", () => {
  const queue = new ByteQueue(toBytes("abc"));
  queue.append(toBytes("defg"));
  queue.prepend(toBytes("__"));
  for (let start = 0; start <= queue.length; start++) {
    for (let length = 0; start + length <= queue.length; length++) {
      expect(toText(queue.read(start, length))).toBe("__abcdefg".slice(start, start + length));
    }
  }
});

test("draining drops from the front, across parts and beyond the end", () => {
  for (let count = 0; count <= 12; count++) {
    const queue = new ByteQueue(toBytes("abc"));
    queue.append(toBytes("de"));
    queue.append(toBytes("fghi"));
    queue.drain(count);
    expect(whole(queue)).toBe("abcdefghi".slice(count));
    expect(queue.length).toBe(Math.max(0, 9 - count));
  }
});

test("moving empties the other queue", () => {
  const [from, to] = [new ByteQueue(toBytes("b")), new ByteQueue(toBytes("a"))];
  to.moveFrom(from);
  expect([whole(to), whole(from)]).toEqual(["ab", ""]);
  to.moveFrom(to);
  expect(whole(to)).toBe("ab");
});

test("growth is told, draining is not", () => {
  const queue = new ByteQueue(toBytes("a"));
  const sizes: number[] = [];
  queue.onGrowth = () => sizes.push(queue.length);
  queue.append(toBytes("bc"));
  queue.drain(1);
  queue.prepend(toBytes("d"));
  queue.append(toBytes(""));
  expect(sizes).toEqual([3, 3]);
});
