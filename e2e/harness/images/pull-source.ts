import type Dockerode from "dockerode";
import pLimit from "p-limit";
import { SetUpError } from "../../common/errors.ts";
import type { Progress } from "../../common/progress.ts";
import { findEngineProcessor } from "../docker/connection.ts";
import { pullImage } from "./ask-registry.ts";
import { BuildSource } from "./build-source.ts";
import { describeImage, engineHasOwn } from "./engine-images.ts";
import { parseImageReference, withoutDigest } from "./reference.ts";
import type { ImageSource, ProvidedImage } from "./source.ts";
import { type Component, componentNamed } from "./spec.ts";

/** Upstream's images, from their registries or from a mirror that has them under <mirror>/<host>/<path>. */
export class PullSource implements ImageSource {
	readonly name: string;
	readonly isBuilt = false;
	readonly #docker: Dockerode;
	readonly #components: readonly Component[];
	readonly #mirror: string;
	readonly #limit = pLimit(4);
	/** For components that are no images elsewhere. */
	readonly #build: BuildSource;

	constructor(
		docker: Dockerode,
		components: readonly Component[],
		mirror: string,
	) {
		this.name = mirror ? `pull:${mirror}` : "pull";
		this.#docker = docker;
		this.#components = components;
		this.#mirror = mirror;
		this.#build = new BuildSource(docker, components);
	}

	async provideComponents(names: readonly string[], progress: Progress) {
		const provided = await Promise.all(
			names.map(async (name) => {
				const { upstream, build } = componentNamed(this.#components, name);
				if (upstream)
					return [[name, await this.#pullPinned(upstream, progress)] as const];
				if (build.goFiles)
					return [...(await this.#build.provideComponents([name], progress))];
				throw new SetUpError(
					`stack/images.yaml names no upstream image for ${name}: only a chart refers to one`,
				);
			}),
		);
		return new Map(provided.flat());
	}

	async provideReferences(references: readonly string[], progress: Progress) {
		return Promise.all(references.map((r) => this.#pull(r, progress)));
	}

	/** A pod names a component by its tag: the engine has checked the digest when it pulled it. */
	async #pullPinned(reference: string, progress: Progress) {
		const image = await this.#pull(reference, progress);
		return { ...image, reference: withoutDigest(reference) };
	}

	async #pull(reference: string, progress: Progress): Promise<ProvidedImage> {
		const local = mirrored(this.#mirror, reference);
		const processor = await findEngineProcessor();
		if (!(await engineHasOwn(this.#docker, local, processor))) {
			await this.#limit(() =>
				progress.phase(`pull ${local}`, () => pullImage(this.#docker, local)),
			);
		}
		return describeImage(this.#docker, reference, local);
	}
}

/** Where a reference is pulled from. @param mirror host and path; empty for the reference's own registry */
export function mirrored(mirror: string, reference: string): string {
	const { repository, tag, digest } = parseImageReference(reference);
	const version = digest ? `@${digest}` : `:${tag}`;
	return [...(mirror ? [mirror] : []), `${repository}${version}`].join("/");
}
