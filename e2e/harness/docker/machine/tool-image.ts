import type Dockerode from "dockerode";
import { labels } from "../../../common/labels.ts";
import { isAbsent } from "../docker.ts";
import { askProcessor, processorOf } from "../engine-info.ts";

/** An image of the engine to look with. */
export type ToolImage =
	| { readonly image: string; readonly why?: undefined }
	/** With the reason, as a clause. */
	| { readonly image: undefined; readonly why: string };

/** An image of ours, or of upstream's, in which a shell script runs. */
export function findImageWithShell(docker: Dockerode): Promise<ToolImage> {
	return findImage(
		docker,
		["busybox", "rancher/k3s", "alpine"],
		"an image with a shell",
	);
}

/** An image with busybox' own commands. */
export function findBusybox(docker: Dockerode): Promise<ToolImage> {
	return findImage(docker, ["busybox", "alpine"], "an image of busybox");
}

/** An image with all that a node has. */
export function findNodeImage(docker: Dockerode): Promise<ToolImage> {
	return findImage(docker, ["rancher/k3s"], "an image of k3s");
}

/**
 * Of those that the engine has, one for its own processor: somebody may have pulled another one's, with --platform.
 *
 * @param names of upstream's images; built ones are labelled with the last part
 * @param what they are
 */
async function findImage(
	docker: Dockerode,
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
	const engines = await askProcessor(docker);
	let foreign = "";
	for (const { id, tag } of found) {
		const processor = await processorOfImage(docker, id);
		if (processor === undefined) continue;
		// One that was imported need not say it.
		if (!processor || processor === engines) return { image: id };
		foreign ||= `the engine runs on ${engines}, and its ${tag} is for ${processor}`;
	}
	return {
		image: undefined,
		why: foreign || `the engine does not have ${what} yet`,
	};
}

/** @returns undefined if it has just been removed */
async function processorOfImage(
	docker: Dockerode,
	id: string,
): Promise<string | undefined> {
	try {
		return processorOf(await docker.getImage(id).inspect());
	} catch (error) {
		if (isAbsent(error)) return undefined;
		throw error;
	}
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
