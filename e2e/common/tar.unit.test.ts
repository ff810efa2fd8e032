import { expect, test } from "vitest";
import { packTar, unpackTar } from "./tar.ts";

test("a file tree survives a tar archive", async () => {
	const bytes = Buffer.from([0, 255, 10]);
	const archive = await packTar(
		{ "wal/": "", "a/b.txt": "text", "c.bin": bytes },
		"work/",
	);
	const files = await unpackTar(archive);
	expect(Object.keys(files)).toEqual(["work/a/b.txt", "work/c.bin"]);
	expect(files["work/a/b.txt"]?.toString()).toBe("text");
	expect(files["work/c.bin"]).toEqual(bytes);
});
