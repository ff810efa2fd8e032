import type Dockerode from "dockerode";
import type { Progress } from "../../common/progress.ts";
import { ArchiveSource } from "./archive-source.ts";
import { askRegistry } from "./ask-registry.ts";
import { BuildSource } from "./build-source.ts";
import { PullSource } from "./pull-source.ts";
import type { RegistryRefusal } from "./registry-refusal.ts";
import type { ImageSource } from "./source.ts";
import { type Component, componentNamed, readComponents } from "./spec.ts";

/** Milliseconds in which the registry must answer, as stack/README.md says. */
const probeLimit = 5000;

/**
 * Opens the source that --images names: `auto`, `pull`, `pull:<mirror>`, `archive:<file>` or `build`.
 *
 * @throws BadInputError if an archive cannot be read
 * @throws RegistryRefusal if `auto` finds a registry that refuses
 */
export async function openImageSource(
	docker: Dockerode,
	option: string,
	progress: Progress,
): Promise<ImageSource> {
	const components = await readComponents();
	const { kind, argument } = parseImagesOption(option);
	if (kind === "build") return new BuildSource(docker, components);
	if (kind === "archive")
		return ArchiveSource.open(docker, components, argument);
	if (kind === "pull") return new PullSource(docker, components, argument);
	const refusal = await askAutoRegistry(docker, components);
	if (!refusal) {
		progress.say("images: pull, because the image registry answers");
		return new PullSource(docker, components, "");
	}
	// Whoever has a registry, but not the way to it, does not want to build for twenty minutes.
	if (refusal.kind !== "no answer") throw refusal;
	progress.say(
		`images: build, because no image registry answers (${refusal.message})`,
	);
	return new BuildSource(docker, components);
}

/** The parts of `auto`, `pull`, `pull:<mirror>`, `archive:<file>` or `build`: the argument is empty without a colon. */
export function parseImagesOption(option: string): {
	kind: string;
	argument: string;
} {
	const [kind = "", ...rest] = option.split(":");
	return { kind, argument: rest.join(":") };
}

/** Asks a registry whether `auto` can pull. @returns why not; undefined if it can */
export async function askAutoRegistry(
	docker: Dockerode,
	components: readonly Component[],
): Promise<RegistryRefusal | undefined> {
	const { upstream } = componentNamed(components, "pause");
	return askRegistry(
		docker,
		upstream ?? "docker.io/library/busybox",
		probeLimit,
	);
}
