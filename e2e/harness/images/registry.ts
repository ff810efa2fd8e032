import type Dockerode from "dockerode";
import pLimit from "p-limit";
import { Wait } from "testcontainers";
import { budgets } from "../../common/budgets.ts";
import { messageOf, SetUpError } from "../../common/errors.ts";
import { withFileLock } from "../../common/file-lock.ts";
import { cacheDir } from "../../common/paths.ts";
import { isAbsent, untilDone } from "../docker/docker.ts";
import { RunContainer } from "../docker/run-container.ts";
import { startContainer } from "../docker/start-container.ts";
import { nameInRun, type Run } from "../run/run.ts";
import { isPublished, notePublished } from "./published.ts";
import { parseImageReference } from "./reference.ts";
import type { ProvidedImage } from "./source.ts";

/** The volume of the registry's storage. It stays for the next run, so that each layer is pushed once. */
export const registryVolume = "o11y-e2e-registry";
const port = 5000;

/** The registry that nodes pull every image from, whatever registry its reference names. */
export interface StartedRegistry {
	/** Makes images available to nodes under their references. */
	publish(images: readonly ProvidedImage[]): Promise<void>;
}

const nameOf = ({ id }: Pick<Run, "id">) => nameInRun(id, "registry");

/** The host and port of a run's registry on the cluster's network. */
export function registryAddress(run: Pick<Run, "id">): string {
	return `${nameOf(run)}:${port}`;
}

/** Starts a registry container on the cluster's network. */
export async function startRegistry(
	docker: Dockerode,
	run: Run,
	image: string,
	network: string,
): Promise<StartedRegistry> {
	const container = await startContainer(
		"the registry",
		new RunContainer(image, run.labels)
			.withName(nameOf(run))
			.withNetworkMode(network)
			.withExposedPorts(port)
			.withBindMounts([
				{ source: registryVolume, target: "/var/lib/registry", mode: "rw" },
			])
			.withWaitStrategy(
				Wait.forHttp("/v2/", port).withStartupTimeout(budgets.containerStart),
			),
	);
	const address = `${container.getHost()}:${container.getMappedPort(port)}`;
	const limit = pLimit(2);
	return {
		// The registries of several runs share the volume, and the storage driver does not lock it.
		publish: (images) =>
			withFileLock(cacheDir("registry"), async () => {
				await Promise.all(
					images.map((each) => limit(() => push(docker, address, each))),
				);
			}),
	};
}

/** The name of an image on the cluster's network. @param registry host and port */
export function publishedName(registry: string, reference: string): string {
	const { path, tag } = publishedAs(reference);
	return `${registry}/${path}:${tag}`;
}

/** An image that is named by its digest may have no tag, or the tag of another one. */
function publishedAs(reference: string) {
	const { path, tag, digest } = parseImageReference(reference);
	return { path, tag: digest?.replace(":", "-") ?? tag };
}

async function push(
	docker: Dockerode,
	address: string,
	{ reference, local }: ProvidedImage,
): Promise<void> {
	const { path, tag } = publishedAs(reference);
	const { Id: id } = await docker.getImage(local).inspect();
	const published = { address, path, tag, id };
	if (await isPublished(published)) return;
	// It is the engine that pushes, and it reaches the registry at the published port.
	const repo = `localhost:${address.split(":")[1]}/${path}`;
	await pushImage(docker, local, repo, tag);
	await notePublished(published);
}

/** Pushes an image of the engine under another name, which it has only until it is pushed. */
export async function pushImage(
	docker: Dockerode,
	local: string,
	repo: string,
	tag: string,
): Promise<void> {
	await docker.getImage(local).tag({ repo, tag });
	const pushed = docker.getImage(`${repo}:${tag}`);
	try {
		const stream = await pushed.push({ authconfig: {} });
		await untilDone(docker, stream);
	} catch (error) {
		throw new SetUpError(
			`${local} could not be pushed as ${repo}:${tag}: ${messageOf(error)}`,
			{ cause: error },
		);
	} finally {
		await pushed.remove({ noprune: true }).catch((error: unknown) => {
			if (!isAbsent(error)) throw error;
		});
	}
}
