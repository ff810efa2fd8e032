/** The parts of an image reference such as quay.io/prometheus/prometheus:v3.5.0. */
export interface ImageReference {
	/** The repository with its registry host, e.g. `quay.io/prometheus/prometheus`. */
	readonly repository: string;
	/** The repository without its registry host, e.g. `prometheus/prometheus`. */
	readonly path: string;
	readonly tag: string;
	readonly digest: string | undefined;
}

/** Parses a reference, with the defaults of container runtimes: docker.io, library/, latest. */
export function parseImageReference(text: string): ImageReference {
	const [name = "", digest] = text.split("@");
	const slash = name.lastIndexOf("/");
	const colon = name.indexOf(":", slash);
	const tag = colon < 0 ? "latest" : name.slice(colon + 1);
	const full = colon < 0 ? name : name.slice(0, colon);
	const first = full.split("/")[0] ?? "";
	// As in github.com/distribution/reference: a path has no capitals, and Docker Hub has an old name.
	const hasHost = full.includes("/") && /[.:A-Z]|^localhost$/.test(first);
	const named = hasHost ? first : "docker.io";
	const host = named === "index.docker.io" ? "docker.io" : named;
	const rest = hasHost ? full.slice(first.length + 1) : full;
	const path =
		host === "docker.io" && !rest.includes("/") ? `library/${rest}` : rest;
	return { repository: `${host}/${path}`, path, tag, digest };
}

/** A reference by its tag alone: `a/b:1@sha256:...` is `a/b:1`. */
export function withoutDigest(reference: string): string {
	return reference.split("@")[0] ?? reference;
}

/** The registry of a reference, e.g. docker.io, ghcr.io or localhost:5000. */
export function registryOf(reference: string): string {
	return parseImageReference(reference).repository.split("/")[0] ?? "";
}
