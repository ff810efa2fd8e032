import type Dockerode from "dockerode";
import { labels } from "../../common/labels.ts";
import { processorOfImage } from "../docker/engine-info.ts";
import type { ProvidedImage } from "./source.ts";

/** Whether the engine has an image. */
export async function engineHas(
	docker: Dockerode,
	name: string,
): Promise<boolean> {
	return docker
		.getImage(name)
		.inspect()
		.then(
			() => true,
			() => false,
		);
}

/**
 * Whether the engine has an image, and for its own processor: somebody may have pulled another one's, with --platform.
 *
 * @param processor of the engine, as in process.arch
 */
export async function engineHasOwn(
	docker: Dockerode,
	name: string,
	processor: string,
): Promise<boolean> {
	const has = await processorOfImage(docker, name).catch(() => undefined);
	return has === "" || has === processor;
}

/** Describes an image of the engine. Its labels say whether it was built. @param reference the one that was asked for */
export async function describeImage(
	docker: Dockerode,
	reference: string,
	local: string,
): Promise<ProvidedImage> {
	const { Config } = await docker.getImage(local).inspect();
	const component = Config.Labels?.[labels.component];
	const version = Config.Labels?.[labels.version] ?? "";
	if (!component) return { reference, local };
	const otherVersions = Config.Labels?.[labels.otherVersions];
	const standIn = {
		component,
		version,
		...(otherVersions && { otherVersions }),
	};
	return { reference, local, standIn };
}
