import { expect, test } from "vitest";
import { packTar, unpackTar } from "./tar.ts";

test("a file tree survives a tar archive", async () => {
	const bytes = Buffer.from([0, 255, 10]);
	const archive = await packTar({
		"wal/": "",
		"a/b.txt": "text",
		"c.bin": bytes,
	});
	const files = await unpackTar(archive);
	expect(Object.keys(files)).toEqual(["a/b.txt", "c.bin"]);
	expect(files["a/b.txt"]?.toString()).toBe("text");
	expect(files["c.bin"]).toEqual(bytes);
});
