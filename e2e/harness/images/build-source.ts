import { rm } from "node:fs/promises";
import type Dockerode from "dockerode";
import { filterAsync, uniqBy } from "es-toolkit";
import pLimit from "p-limit";
import { SetUpError } from "../../common/errors.ts";
import { withFileLock } from "../../common/file-lock.ts";
import { stopSignal } from "../../common/interruption.ts";
import { cacheDir } from "../../common/paths.ts";
import type { Progress } from "../../common/progress.ts";
import { findEngineProcessor } from "../docker/connection.ts";
import { buildImage, buildLog, builtImageName } from "./build/build.ts";
import { BuildEstimate, inBuildOrder } from "./build/build-estimate.ts";
import { ensureBuildTools } from "./build/build-tools.ts";
import { describeImage, engineHas } from "./engine-images.ts";
import { parseImageReference } from "./reference.ts";
import type { ImageSource } from "./source.ts";
import { type Component, componentFor, componentNamed } from "./spec.ts";

/** Two: while one component is linked or downloaded, the other is compiled. */
const buildsAtOnce = 2;
/** How often it is told what is left, in milliseconds. */
const tellEach = 120_000;

/** Images that are built on this machine. Each is named by its content, so that none is built twice. */
export class BuildSource implements ImageSource {
	readonly name = "build";
	readonly isBuilt = true;
	readonly #docker: Dockerode;
	readonly #components: readonly Component[];
	readonly #limit = pLimit(buildsAtOnce);
	readonly #estimate = new BuildEstimate(buildsAtOnce);

	constructor(docker: Dockerode, components: readonly Component[]) {
		this.#docker = docker;
		this.#components = components;
	}

	/** What nearly every chart refers to. Builds for single versions of it are left out. */
	get likely() {
		return this.#components
			.filter(
				({ standsFor }) =>
					standsFor.length > 0 &&
					standsFor.every((each) => !each.includes(":")),
			)
			.map(({ name }) => name);
	}

	async provideComponents(names: readonly string[], progress: Progress) {
		const components = names.map((n) => componentNamed(this.#components, n));
		const local = await this.#ensure(components, progress);
		return new Map(
			await Promise.all(
				components.map(
					async (component, i) =>
						[
							component.name,
							await describeImage(
								this.#docker,
								component.upstream ?? component.name,
								local[i] ?? "",
							),
						] as const,
				),
			),
		);
	}

	async provideReferences(references: readonly string[], progress: Progress) {
		const components = references.map((reference) =>
			this.#standInFor(reference),
		);
		const pinned = references.filter(
			(reference) => parseImageReference(reference).digest,
		);
		for (const reference of pinned)
			progress.say(
				`${reference} is pinned by its digest: the image that is built here has another one, and stands in for it`,
			);
		const local = await this.#ensure(components, progress);
		return Promise.all(
			references.map((reference, i) =>
				describeImage(this.#docker, reference, local[i] ?? ""),
			),
		);
	}

	#standInFor(reference: string): Component {
		const parsed = parseImageReference(reference);
		const component = componentFor(this.#components, parsed);
		if (!component) {
			throw new SetUpError(
				`the chart needs ${reference}, but stack/images.yaml has no component that stands for ${parsed.repository}: turn off that part of the chart with --values, or pull images from a registry (--images pull)`,
			);
		}
		return component;
	}

	/** Builds the images that are missing. @returns the images' names, in the order of the components */
	async #ensure(
		components: readonly Component[],
		progress: Progress,
	): Promise<string[]> {
		const refusal = findForeignBuild(
			components,
			process.arch,
			await findEngineProcessor(),
		);
		if (refusal) throw new SetUpError(refusal);
		const names = await Promise.all(components.map(builtImageName));
		const all = components.map((component, i) => ({
			component,
			name: names[i] ?? "",
		}));
		const missing = () =>
			filterAsync(
				all,
				async ({ name }) => !(await engineHas(this.#docker, name)),
			);
		if ((await missing()).length === 0) return names;
		const what = "build images";
		const say = (line: string) => progress.say(line);
		await withFileLock(cacheDir("locks"), { what, say }, async () => {
			// Another run may have built them while this one waited for the lock.
			const todo = inBuildOrder(uniqBy(await missing(), ({ name }) => name));
			if (todo.length === 0) return;
			const path = todo.every(({ component: { build } }) => build.goFiles)
				? ""
				: await ensureBuildTools(say);
			const estimate = this.#estimate;
			estimate.expect(todo.map(costOf));
			const now = () => performance.now() / 60_000;
			let failed = false;
			// Left by interrupted builds: no other run builds while this one has the lock.
			await rm(cacheDir("roots"), { recursive: true, force: true });
			const tell = setInterval(
				() => say(`images: ${estimate.describe(now())}`),
				tellEach,
			).unref();
			const builds = await Promise.allSettled(
				todo.map(({ component, name }) =>
					this.#limit(async () => {
						if (failed || stopSignal.aborted) return;
						say(
							`building ${component.name} (${estimate.describe(now())}); log: ${buildLog(component.name)}`,
						);
						estimate.begin(component.name, now());
						await progress
							.phase(`build ${component.name}`, () =>
								buildImage(this.#docker, component, name, { path, say }),
							)
							.catch((error: unknown) => {
								failed = true;
								throw error;
							});
						estimate.end(component.name, now());
					}),
				),
			);
			clearInterval(tell);
			// The lock is held until all builds have ended, even if one has failed.
			const failure = builds.find(({ status }) => status === "rejected");
			if (failure?.status === "rejected") throw failure.reason;
		});
		return names;
	}
}

function costOf({ component: { name, build } }: { component: Component }) {
	return { name, minutes: build.minutes };
}

/**
 * Why images cannot be built for an engine, in one sentence; undefined if they can. Files alone suit every processor.
 *
 * @param own the processor that is built on @param engines the one of the engine
 */
export function findForeignBuild(
	components: readonly Pick<Component, "build">[],
	own: string,
	engines: string,
): string | undefined {
	const hasPrograms = components.some(
		({ build: { go, debian, npm } }) => go.length > 0 || debian || npm,
	);
	if (own === engines || !hasPrograms) return undefined;
	return `images are built for this machine's processor (${own}), but the Docker engine runs on ${engines}: take them from a registry (--images pull), or from an archive that was saved on such a machine (--images archive:<file>)`;
}
