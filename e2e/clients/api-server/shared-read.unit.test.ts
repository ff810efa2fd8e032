import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { shareRead } from "./shared-read.ts";

/** A read that ends when it is told to. */
function makeRead() {
	const ends: PromiseWithResolvers<string>[] = [];
	const read = shareRead(() => {
		const end = Promise.withResolvers<string>();
		ends.push(end);
		return end.promise;
	});
	return { read, ends };
}

test("who asks during a read shares the next one", async () => {
	const { read, ends } = makeRead();
	const first = read();
	const second = read();
	const third = read();
	expect(ends).toHaveLength(1);
	ends[0]?.resolve("old");
	expect(await first).toBe("old");
	await turn();
	expect(ends).toHaveLength(2);
	const fourth = read();
	ends[1]?.resolve("new");
	expect(await Promise.all([second, third])).toEqual(["new", "new"]);
	await turn();
	expect(ends).toHaveLength(3);
	ends[2]?.resolve("newest");
	expect(await fourth).toBe("newest");
});

test("after a failed read, the next one is another try", async () => {
	const { read, ends } = makeRead();
	const first = read();
	const second = read();
	ends[0]?.reject(new Error("503"));
	await expect(first).rejects.toThrow("503");
	await turn();
	expect(ends).toHaveLength(2);
	ends[1]?.resolve("there");
	expect(await second).toBe("there");
});
