import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { getCACertificates } from "node:tls";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Agent, fetch, ProxyAgent } from "undici";
import { budgets } from "../../common/budgets.ts";
import { messageOf, SetUpError } from "../../common/errors.ts";
import { cacheDir } from "../../common/paths.ts";
import { rememberLogins } from "../../common/secrecy/in-urls.ts";
import { withoutLogin } from "../../common/secrecy/without-login.ts";
import { chooseProxy } from "../docker/proxy-choice.ts";
import { readWayOut } from "../docker/way-out.ts";
import { writeWhole } from "../run/whole-file.ts";
import { type GoSettings, readGoSettings } from "./go-settings.ts";
import { readZip } from "./read-zip.ts";
import type { GoModule } from "./spec.ts";

/** The files of a module by their paths in it. */
export type ModuleFiles = ReadonlyMap<string, Buffer>;

/**
 * Gets the files of a published Go module: from the cache, Go's own cache, or a module proxy (GOPROXY). They are those that
 * stack/images.yaml pins by their sum.
 *
 * @param say is told what takes its time
 * @param settings Go's own, unless given
 * @throws SetUpError if no place has them
 */
export async function fetchGoModule(
	module: GoModule,
	say: (line: string) => void,
	settings?: GoSettings,
): Promise<ModuleFiles> {
	const own = join(
		cacheDir("modules"),
		`${encodeURIComponent(nameOf(module))}.zip`,
	);
	const kept = await readFile(own).catch(() => undefined);
	const found = kept && tryReadModule(module, kept);
	if (found) return found;
	const { trouble, ...ofGo } = settings ?? (await readGoSettings(say));
	// Perhaps from `go env -w`.
	rememberLogins([ofGo.GOPROXY]);
	const refusals: string[] = [];
	for (const place of listPlaces(ofGo)) {
		const url = `${place}/${escapePath(module.module)}/@v/${escapePath(module.version)}.zip`;
		try {
			const archive = await read(url);
			const files = readModule(module, archive);
			await writeWhole(own, archive);
			return files;
		} catch (error) {
			refusals.push(`${withoutLogin(place)}: ${reasonOf(error)}`);
		}
	}
	if (trouble) refusals.push(trouble);
	throw new SetUpError(
		`the Go module ${nameOf(module)} could not be fetched (${refusals.join("; ")}): set GOPROXY to a module proxy that can be reached, or install Go, which knows one; or, if it is for the embedded chart's CRDs, take the public chart (--chart upstream)`,
	);
}

/** URLs, without `direct` and `off`: a repository is no module, and Go itself would be needed. */
function listPlaces({ GOPROXY, GOMODCACHE }: GoSettings): string[] {
	const cache = pathToFileURL(join(GOMODCACHE, "cache/download")).href;
	const proxies = GOPROXY.split(/[,|]/)
		.map((each) => each.trim().replace(/\/$/, ""))
		.filter((each) => /^(https?|file):/.test(each));
	return [cache, ...proxies];
}

/** Go's file systems need not tell capitals apart: golang.org/ref/mod#goproxy-protocol */
function escapePath(text: string): string {
	return text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

function nameOf({ module, version }: GoModule): string {
	return `${module}@${version}`;
}

async function read(place: string): Promise<Buffer> {
	const url = new URL(place);
	if (url.protocol === "file:") return readFile(fileURLToPath(url));
	const { username, password } = url;
	const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
	url.username = "";
	url.password = "";
	const { authorities, proxy } = await readWayOut();
	const ca = authorities
		? [...getCACertificates(), ...getCACertificates("system"), authorities]
		: undefined;
	// undici's own choice knows neither subnets nor addresses without a scheme.
	const uri = chooseProxy(url, proxy);
	const dispatcher = uri
		? new ProxyAgent({
				uri,
				...(ca && { requestTls: { ca }, proxyTls: { ca } }),
			})
		: new Agent(ca ? { connect: { ca } } : {});
	try {
		const answer = await fetch(url, {
			dispatcher,
			signal: AbortSignal.timeout(budgets.moduleFetch),
			headers: username
				? { authorization: `Basic ${Buffer.from(login).toString("base64")}` }
				: {},
		});
		if (!answer.ok)
			throw new SetUpError(`HTTP ${answer.status} ${answer.statusText}`);
		return Buffer.from(await answer.arrayBuffer());
	} finally {
		// Not close(), which waits for the body of an answer that nobody reads.
		await dispatcher.destroy();
	}
}

function tryReadModule(
	module: GoModule,
	archive: Buffer,
): ModuleFiles | undefined {
	try {
		return readModule(module, archive);
	} catch {
		return undefined;
	}
}

/** @throws SetUpError if it is not what is pinned */
function readModule(module: GoModule, archive: Buffer): ModuleFiles {
	const files = readZip(archive);
	const sum = sumOf(files);
	if (sum !== module.sum)
		throw new SetUpError(
			`it has the sum ${sum}, but stack/images.yaml pins ${module.sum}`,
		);
	const prefix = `${nameOf(module)}/`;
	return new Map(
		[...files].map(([name, content]) => [name.slice(prefix.length), content]),
	);
}

/** As in go.sum: golang.org/x/mod/sumdb/dirhash, Hash1. */
function sumOf(files: ModuleFiles): string {
	const lines = [...files]
		.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
		.map(([name, content]) => {
			const digest = createHash("sha256").update(content).digest("hex");
			return `${digest}  ${name}\n`;
		});
	const all = createHash("sha256").update(lines.join("")).digest("base64");
	return `h1:${all}`;
}

/** fetch says only "fetch failed", and its cause why. */
function reasonOf(error: unknown): string {
	const cause = error instanceof Error ? error.cause : undefined;
	return cause instanceof Error ? messageOf(cause) : messageOf(error);
}
