import type Dockerode from "dockerode";

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

/** A label of an image in the engine, or the empty string. */
export async function imageLabel(
	docker: Dockerode,
	name: string,
	label: string,
): Promise<string> {
	const { Config } = await docker.getImage(name).inspect();
	return Config.Labels?.[label] ?? "";
}
