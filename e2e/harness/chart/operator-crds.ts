import { buffer } from "node:stream/consumers";
import type Dockerode from "dockerode";
import { SetUpError } from "../../common/errors.ts";
import { unpackTar } from "../../common/tar.ts";
import type { ProvidedImage } from "../images/source.ts";
import type { Run } from "../run/run.ts";

/**
 * The CRDs for a chart that brings none: the operator's own, out of the image that was built from the same module.
 *
 * @returns YAML
 * @throws SetUpError where no image carries them
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
		throw new SetUpError("the chart brings neither CRDs nor an operator");
	const container = await docker.createContainer({
		Image: operator.local,
		Labels: { ...run.labels },
	});
	try {
		const archive = await container.getArchive({ path: "/crds" });
		const files = await unpackTar(await buffer(archive));
		return Object.values(files).join("\n---\n");
	} catch (error) {
		throw new SetUpError(
			`the chart brings no CRDs, and the image ${operator.local} has none at /crds`,
			{ cause: error },
		);
	} finally {
		await container.remove({ force: true, v: true });
	}
}
