import type Dockerode from "dockerode";
import { messageOf } from "../../common/errors.ts";
import type { Progress } from "../../common/progress.ts";
import { ArchiveSource } from "./archive-source.ts";
import { BuildSource } from "./build-source.ts";
import { PullSource } from "./pull-source.ts";
import type { ImageSource } from "./source.ts";
import { readComponents } from "./spec.ts";

/** Milliseconds in which the registry must answer, as stack/README.md says. */
const probeLimit = 5000;

/**
 * Opens the source that --images names: `auto`, `pull`, `pull:<mirror>`, `archive:<file>` or `build`.
 *
 * @throws BadInputError if an archive cannot be read
 */
export async function openImageSource(
	docker: Dockerode,
	option: string,
	progress: Progress,
): Promise<ImageSource> {
	const components = await readComponents();
	const [kind, ...rest] = option.split(":");
	const argument = rest.join(":");
	if (kind === "build") return new BuildSource(docker, components);
	if (kind === "archive")
		return ArchiveSource.open(docker, components, argument);
	if (kind === "pull") return new PullSource(docker, components, argument);
	const probe = components.find(
		(component) => component.name === "pause",
	)?.upstream;
	const refusal = await probeRegistry(
		docker,
		probe ?? "docker.io/library/busybox",
	);
	if (refusal === undefined) {
		progress.say("images: pull, because the image registry answers");
		return new PullSource(docker, components, "");
	}
	progress.say(`images: build, because no image registry answers (${refusal})`);
	return new BuildSource(docker, components);
}

/** Asks the engine to resolve a reference, as it does before a pull. @returns why it cannot; undefined if it can */
async function probeRegistry(
	docker: Dockerode,
	reference: string,
): Promise<string | undefined> {
	try {
		await docker
			.getImage(reference)
			.distribution({ abortSignal: AbortSignal.timeout(probeLimit) });
		return undefined;
	} catch (error) {
		if (error instanceof Error && error.name === "AbortError")
			return `no answer within ${probeLimit / 1000} s`;
		return messageOf(error)
			.replace(/^\(HTTP code \d+\) /, "")
			.trim();
	}
}
