import type { Readable } from "node:stream";
import type Dockerode from "dockerode";
import { execa } from "execa";
import { labels } from "../../common/labels.ts";
import type { DebianPackage } from "../docker/debian-packages.ts";
import { isAbsent, untilDone } from "../docker/docker.ts";
import type { Component } from "./spec.ts";

/** What an image consists of. */
interface ImageContent {
	/** A tar archive of its root folder. */
	readonly archive: Readable;
	/** Resolves when the archive is whole. */
	readonly isWhole?: Promise<unknown>;
	readonly parts?: ImageParts;
}

/** What an image was put together from. */
export interface ImageParts {
	readonly packages: readonly DebianPackage[];
	/** Go modules in other versions than the component's own go.mod names. */
	readonly otherVersions: readonly string[];
}

/** Imports a root folder of this machine as an image. */
export function importRoot(
	docker: Dockerode,
	component: Component,
	name: string,
	root: string,
	parts: ImageParts,
): Promise<void> {
	const tar = execa(
		"tar",
		[
			"--create",
			"--numeric-owner",
			"--owner=0",
			"--group=0",
			"--directory",
			root,
			".",
		],
		{ encoding: "buffer", buffer: false },
	);
	const content = { archive: tar.stdout, isWhole: tar, parts };
	return importImage(docker, component, name, content);
}

/** Imports an archive as an image of one layer: every engine can, and no builder is needed. */
export async function importImage(
	docker: Dockerode,
	{ name: component, build }: Component,
	name: string,
	{ archive, isWhole, parts }: ImageContent,
): Promise<void> {
	const { packages = [], otherVersions = [] } = parts ?? {};
	const { config, go, goFiles, version } = build;
	const json = JSON.stringify;
	const versionLabel =
		version ??
		go[0]?.version ??
		goFiles?.version ??
		packages.find((p) => p.name === build.debian?.packages[0])?.version;
	const labelled = {
		[labels.component]: component,
		[labels.provenance]:
			"built on this machine by o11y-e2e; not the upstream image",
		[labels.version]: versionLabel ?? "",
		[labels.packages]: packages.map((p) => `${p.name}=${p.version}`).join(" "),
		[labels.otherVersions]: otherVersions.join(", "),
	};
	const changes = [
		...Object.entries(labelled).map(([k, v]) => `LABEL ${k}=${json(v)}`),
		...Object.entries(config.env).map(([k, v]) => `ENV ${k}=${v}`),
		...(config.entrypoint ? [`ENTRYPOINT ${json(config.entrypoint)}`] : []),
		...(config.cmd ? [`CMD ${json(config.cmd)}`] : []),
		...(config.user ? [`USER ${config.user}`] : []),
		...(config.volumes.length > 0 ? [`VOLUME ${json(config.volumes)}`] : []),
	];
	// An image has its name only when it is whole: tar can fail in the middle, and this process can be killed.
	const [repo, tag] = splitTag(name);
	const partial = { repo, tag: `${tag}-partial` };
	const image = docker.getImage(`${repo}:${partial.tag}`);
	const imported = docker
		.importImage(archive, { ...partial, changes })
		.then((progress) => untilDone(docker, progress));
	// An engine that has refused reads no further, and the archive's writer would wait for it.
	imported.catch(() => archive.destroy());
	try {
		await Promise.all([imported, isWhole]);
		await image.tag({ repo, tag });
	} finally {
		await Promise.allSettled([imported, isWhole]);
		await image.remove({ noprune: true }).catch((error: unknown) => {
			if (!isAbsent(error)) throw error;
		});
	}
}

function splitTag(name: string): [string, string] {
	const colon = name.lastIndexOf(":");
	return [name.slice(0, colon), name.slice(colon + 1)];
}
