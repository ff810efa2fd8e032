import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { redact } from "../../common/secrecy/redact.ts";
import { fetchGoModule } from "./go-module.ts";

const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-module-"));
const wanted = { module: "example.org/Some/module", version: "v1.2.3" };
const prefix = "example.org/Some/module@v1.2.3";
const files = {
	"crds/b.yaml": "kind: B\n".repeat(100),
	"crds/a.yaml": "kind: A\n",
	"go.mod": "module example.org/Some/module\n",
};

/** Deflates all but short files, as Go's own archives do. */
function makeZip(): Buffer {
	const bodies: Buffer[] = [];
	const table: Buffer[] = [];
	for (const [path, text] of Object.entries(files)) {
		const name = Buffer.from(`${prefix}/${path}`);
		const isLong = text.length > 100;
		const content = isLong ? deflateRawSync(text) : Buffer.from(text);
		const offset = bodies.reduce((sum, { length }) => sum + length, 0);
		const header = Buffer.alloc(30);
		header.writeUInt32LE(0x04034b50);
		header.writeUInt16LE(name.length, 26);
		const entry = Buffer.alloc(46);
		entry.writeUInt32LE(0x02014b50);
		entry.writeUInt16LE(isLong ? 8 : 0, 10);
		entry.writeUInt32LE(content.length, 20);
		entry.writeUInt32LE(text.length, 24);
		entry.writeUInt16LE(name.length, 28);
		entry.writeUInt32LE(offset, 42);
		bodies.push(header, name, content);
		table.push(entry, name);
	}
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50);
	end.writeUInt16LE(Object.keys(files).length, 10);
	end.writeUInt32LE(Buffer.concat(bodies).length, 16);
	return Buffer.concat([...bodies, ...table, end]);
}

const digest = (text: string) =>
	createHash("sha256").update(text).digest("hex");
const lines = Object.entries(files)
	.map(([path, text]) => [`${prefix}/${path}`, text] as const)
	.sort(([a], [b]) => (a < b ? -1 : 1))
	.map(([name, text]) => `${digest(text)}  ${name}\n`);
const sum = `h1:${createHash("sha256").update(lines.join("")).digest("base64")}`;

const asked: string[] = [];
const proxy = createServer(({ url = "", headers }, response) => {
	asked.push(`${url} ${headers.authorization ?? ""}`.trim());
	if (url.startsWith("/has/")) response.end(makeZip());
	else response.writeHead(404).end();
});
await new Promise<void>((resolve) =>
	proxy.listen(0, "127.0.0.1", () => resolve()),
);
const address = proxy.address();
const port = typeof address === "object" ? address?.port : undefined;
const path = "example.org/!some/module/@v/v1.2.3.zip";

afterAll(() => {
	proxy.close();
	rmSync(dir, { recursive: true });
});
beforeEach(() => {
	rmSync(dir, { recursive: true });
	mkdirSync(dir);
	vi.stubEnv("O11Y_E2E_CACHE", dir);
	for (const name of ["HTTP_PROXY", "http_proxy"]) vi.stubEnv(name, undefined);
	asked.length = 0;
});

const silent = () => undefined;
const settings = (...proxies: string[]) => ({
	GOPROXY: proxies.join(","),
	GOMODCACHE: join(dir, "mod"),
});

test("a module comes from the first proxy that has it, and then from the cache", async () => {
	const has = `http://me:secret@127.0.0.1:${port}/has/`;
	const places = settings(`http://127.0.0.1:${port}/none`, has, "direct");
	const found = await fetchGoModule({ ...wanted, sum }, silent, places);
	expect([...found.keys()].sort()).toEqual(Object.keys(files).sort());
	expect(`${found.get("crds/b.yaml")}`).toBe(files["crds/b.yaml"]);
	const login = Buffer.from("me:secret").toString("base64");
	expect(asked).toEqual([`/none/${path}`, `/has/${path} Basic ${login}`]);
	expect(
		await fetchGoModule({ ...wanted, sum }, silent, settings("off")),
	).toEqual(found);
});

test("the logins of module proxies are blanked, also those of go env -w", async () => {
	const places = settings(
		`http://me:First-Pw-9@127.0.0.1:${port}/none`,
		`http://you:Second-Pw-9@127.0.0.1:${port}/has`,
	);
	await fetchGoModule({ ...wanted, sum }, silent, places);
	expect(redact("First-Pw-9 Second-Pw-9")).toBe("<blanked> <blanked>");
});

test("a subnet of NO_PROXY is out of the proxy, and what is not goes through it", async () => {
	vi.stubEnv("HTTP_PROXY", `127.0.0.1:${port}`);
	vi.stubEnv("NO_PROXY", "127.0.0.0/8");
	const has = settings(`http://127.0.0.1:${port}/has`);
	await fetchGoModule({ ...wanted, sum }, silent, has);
	expect(asked).toEqual([`/has/${path}`]);
	const away = settings("http://go.example.org/has");
	rmSync(join(dir, "modules"), { recursive: true });
	await expect(fetchGoModule({ ...wanted, sum }, silent, away)).rejects.toThrow(
		"could not be fetched",
	);
	expect(asked.at(-1)).toBe(`http://go.example.org/has/${path}`);
});

test("what Go has in its own cache is not fetched", async () => {
	const folder = join(dir, "mod/cache/download", path, "..");
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "v1.2.3.zip"), makeZip());
	const found = await fetchGoModule(
		{ ...wanted, sum },
		silent,
		settings("off"),
	);
	expect(`${found.get("crds/a.yaml")}`).toBe("kind: A\n");
});

test("a module that is not the pinned one is refused, and so is what is no archive", async () => {
	const has = settings(`http://127.0.0.1:${port}/has`);
	await expect(
		fetchGoModule({ ...wanted, sum: "h1:other" }, silent, has),
	).rejects.toThrow(
		`it has the sum ${sum}, but stack/images.yaml pins h1:other`,
	);
	const folder = join(dir, "mod/cache/download", path, "..");
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "v1.2.3.zip"), "<html>log in first</html>");
	await expect(
		fetchGoModule({ ...wanted, sum }, silent, settings("off")),
	).rejects.toThrow("it is no zip archive");
});

test("a module that nobody has ends with each place and the ways out", async () => {
	await expect(
		fetchGoModule(
			{ ...wanted, sum },
			silent,
			settings(`http://me:secret@127.0.0.1:${port}/none`),
		),
	).rejects.toThrow(
		/^the Go module example\.org\/Some\/module@v1\.2\.3 could not be fetched \(file:.*; http:\/\/(?!.*secret).*HTTP 404 Not Found\): set GOPROXY .*--chart upstream/,
	);
});
