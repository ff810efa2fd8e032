import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { budgets } from "../../common/budgets.ts";
import { EnvironmentError, messageOf } from "../../common/errors.ts";
import { cacheDir } from "../../common/paths.ts";

/** An image of the engine, under a tag of a registry. */
export interface PublishedImage {
	/** The registry's host and port. */
	readonly address: string;
	readonly path: string;
	readonly tag: string;
	/** The engine's id of the image. */
	readonly id: string;
}

const manifestTypes = [
	"application/vnd.docker.distribution.manifest.v2+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.oci.image.index.v1+json",
];

/**
 * Whether a tag of the registry is this image. An engine's id is the digest of the configuration or manifest. With the
 * containerd image store it is that of an index with all platforms, of which the registry got one: then a note tells.
 *
 * @param limit milliseconds in which the registry must answer
 * @throws EnvironmentError if it does not
 */
export async function isPublished(
	image: PublishedImage,
	limit: number = budgets.request,
): Promise<boolean> {
	const found = await readManifest(image, limit);
	if (!found) return false;
	if ([found.digest, found.configDigest].includes(image.id)) return true;
	const note = await readFile(noteFile(image), "utf8").catch(() => "");
	return note === noteOf(image, found.digest);
}

/** Notes which manifest the registry has for an image that was pushed just now. */
export async function notePublished(image: PublishedImage): Promise<void> {
	const found = await readManifest(image, budgets.request);
	if (found) await writeFile(noteFile(image), noteOf(image, found.digest));
}

function noteFile({ path, tag }: PublishedImage): string {
	const name = encodeURIComponent(`${path}:${tag}`);
	return join(cacheDir("registry", "published"), name);
}

function noteOf({ id }: PublishedImage, digest: string): string {
	return `${id} ${digest}`;
}

const manifest = z.object({
	config: z.object({ digest: z.string() }).optional(),
});

async function readManifest(
	{ address, path, tag }: PublishedImage,
	limit: number,
) {
	const headers = { accept: manifestTypes.join(", ") };
	const url = `http://${address}/v2/${path}/manifests/${tag}`;
	const text = await fetch(url, { headers, signal: AbortSignal.timeout(limit) })
		.then((answer) => (answer.ok ? answer.text() : undefined))
		.catch((cause: unknown) => {
			throw new EnvironmentError(
				`the registry at ${address} does not say whether it has ${path}:${tag}: ${messageOf(cause)}`,
				{ cause },
			);
		});
	if (text === undefined) return undefined;
	const { config } = manifest.parse(JSON.parse(text));
	const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
	return { digest, configDigest: config?.digest };
}
