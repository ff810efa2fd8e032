import { buffer } from "node:stream/consumers";
import type Dockerode from "dockerode";
import { SetUpError } from "../../common/errors.ts";
import { unpackTar } from "../../common/tar.ts";
import { runHostConfig } from "../docker/docker.ts";
import { parseImageReference } from "../images/reference.ts";
import type { ProvidedImage } from "../images/source.ts";
import { componentFor, readComponents } from "../images/spec.ts";
import type { Run } from "../run/run.ts";

/**
 * The component that has the CRDs for a chart without any: those of the operator that the chart refers to.
 *
 * @param references the chart's images
 * @throws SetUpError if the chart refers to no operator whose CRDs are known
 */
export async function findCrdsComponent(
	references: readonly string[],
): Promise<string> {
	const components = await readComponents();
	for (const reference of references) {
		const operator = componentFor(components, parseImageReference(reference));
		if (operator?.crds) return operator.crds;
	}
	throw new SetUpError(
		"the chart has neither CRDs nor an image of the operator",
	);
}

/** Reads the CRDs from the image of such a component. @returns YAML */
export async function readOperatorCrds(
	docker: Dockerode,
	run: Run,
	{ local }: ProvidedImage,
): Promise<string> {
	const container = await docker.createContainer({
		Image: local,
		Labels: { ...run.labels },
		HostConfig: runHostConfig,
	});
	try {
		const archive = await container.getArchive({ path: "/crds" });
		const files = await unpackTar(await buffer(archive));
		return Object.values(files).join("\n---\n");
	} finally {
		await container.remove({ force: true, v: true });
	}
}
