import type Dockerode from "dockerode";
import { labels } from "../../../common/labels.ts";
import {
	type EngineInfo,
	processorOf,
	processorOfImage,
} from "../engine-info.ts";

/** An engine, and what it has said of itself. */
interface AskedEngine {
	readonly docker: Dockerode;
	readonly info: Pick<EngineInfo, "Architecture">;
}

/** An image of the engine to look with. */
export type ToolImage =
	| { readonly image: string; readonly why?: undefined }
	/** With the reason, as a clause. */
	| { readonly image: undefined; readonly why: string };

/** An image of ours, or of upstream's, in which a shell script runs. */
export function findImageWithShell(engine: AskedEngine): Promise<ToolImage> {
	return findImage(
		engine,
		["busybox", "rancher/k3s", "alpine"],
		"an image with a shell",
	);
}

/** An image with busybox' own commands. */
export function findBusybox(engine: AskedEngine): Promise<ToolImage> {
	return findImage(engine, ["busybox", "alpine"], "an image of busybox");
}

/** An image with all that a node has. */
export function findNodeImage(engine: AskedEngine): Promise<ToolImage> {
	return findImage(engine, ["rancher/k3s"], "an image of k3s");
}

/**
 * Of those that the engine has, one for its own processor: somebody may have pulled another one's, with --platform.
 *
 * @param names of upstream's images; built ones are labelled with the last part
 * @param what they are
 */
async function findImage(
	{ docker, info }: AskedEngine,
	names: readonly string[],
	what: string,
): Promise<ToolImage> {
	const components = names.map((name) => name.split("/").at(-1));
	const found = (await docker.listImages()).flatMap(
		({ Id: id, RepoTags: tags, Labels: own }) => {
			const tag = tags?.find((each) =>
				names.some((name) => isHubImage(each, name)),
			);
			return tag || components.includes(own?.[labels.component])
				? [{ id, tag: tag ?? tags?.[0] ?? id }]
				: [];
		},
	);
	const engines = processorOf(info);
	let foreign = "";
	for (const { id, tag } of found) {
		const processor = await processorOfImage(docker, id);
		// It has just been removed.
		if (processor === undefined) continue;
		if (!processor || processor === engines) return { image: id };
		foreign ||= `the engine runs on ${engines}, and its ${tag} is for ${processor}`;
	}
	return {
		image: undefined,
		why: foreign || `the engine does not have ${what} yet`,
	};
}

/**
 * Whether a tag is of an image of Docker Hub, also from a mirror as in `--images pull:<mirror>`. Of another repository's that
 * is called the same nobody knows what is in it, nor for which processor.
 *
 * @param name e.g. busybox, rancher/k3s
 */
export function isHubImage(tag: string, name: string): boolean {
	const repository = tag.replace(/:[^:/]*$/, "");
	const [, path = repository] =
		/(?:^|\/)docker\.io\/(.+)$/.exec(repository) ?? [];
	return path.replace(/^library\//, "") === name;
}
