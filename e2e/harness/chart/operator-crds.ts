import { buffer } from "node:stream/consumers";
import type Dockerode from "dockerode";
import { SetUpError } from "../../common/errors.ts";
import { unpackTar } from "../../common/tar.ts";
import { runHostConfig } from "../docker/run-container.ts";
import type { ProvidedImage } from "../images/source.ts";
import type { Run } from "../run/run.ts";

/**
 * Reads the CRDs for a chart that has none, from the operator's image: it is built from the module that has the CRDs.
 *
 * @returns YAML
 * @throws SetUpError if no image contains them
 */
export async function readOperatorCrds(
	docker: Dockerode,
	run: Run,
	images: readonly ProvidedImage[],
): Promise<string> {
	const operator = images.find(({ reference }) =>
		/\/prometheus-operator:/.test(reference),
	);
	if (!operator)
		throw new SetUpError(
			"the chart has neither CRDs nor an image of the operator",
		);
	const container = await docker.createContainer({
		Image: operator.local,
		Labels: { ...run.labels },
		HostConfig: runHostConfig,
	});
	try {
		const archive = await container.getArchive({ path: "/crds" });
		const files = await unpackTar(await buffer(archive));
		return Object.values(files).join("\n---\n");
	} catch (error) {
		throw new SetUpError(
			`the chart has no CRDs, and the image ${operator.local} has none at /crds`,
			{ cause: error },
		);
	} finally {
		await container.remove({ force: true, v: true });
	}
}
