import type Dockerode from "dockerode";
import pLimit from "p-limit";
import { type StartedTestContainer, Wait } from "testcontainers";
import { budgets } from "../../common/budgets.ts";
import { messageOf, SetUpError } from "../../common/errors.ts";
import { withFileLock } from "../../common/file-lock.ts";
import { cacheDir } from "../../common/paths.ts";
import { isAbsent, untilDone } from "../docker/docker.ts";
import type { RegistryLogin } from "../docker/registry-login.ts";
import { RunContainer } from "../docker/run-container.ts";
import { startContainer } from "../docker/start-container.ts";
import { nameInRun, type Run } from "../run/run.ts";
import { isPublished, notePublished } from "./published.ts";
import { parseImageReference } from "./reference.ts";
import type { ProvidedImage } from "./source.ts";
import {
	htpasswdFile,
	makeWriterLogin,
	unauthorized,
	type WriterLogin,
	writerEnvironment,
} from "./writer-login.ts";

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

/**
 * Starts a registry on the cluster's network. It takes no writes, neither from pods nor from other processes on this
 * machine: what is missing is written by a second one, which is there only as long as that takes, and wants a login.
 */
export async function startRegistry(
	docker: Dockerode,
	run: Run,
	image: string,
	network: string,
): Promise<StartedRegistry> {
	const reader = await startContainer(
		"the registry",
		makeContainer(run, image)
			.withName(nameOf(run))
			.withNetworkMode(network)
			.withEnvironment({
				REGISTRY_STORAGE_MAINTENANCE_READONLY: '{"enabled":true}',
			}),
	);
	return {
		// The registries of several runs share the volume, and the storage driver does not lock it.
		publish: (images) =>
			withFileLock(cacheDir("registry"), { what: "push images" }, async () => {
				const missing = await findMissing(docker, addressOf(reader), images);
				if (missing.length === 0) return;
				const { writer, login } = await startWriter(run, image);
				try {
					await pLimit(2).map(missing, async (each) => {
						await push(docker, addressOf(writer), each, login);
						// The two share their storage, and this one asks for no login.
						await notePublished({ address: addressOf(reader), ...each });
					});
				} finally {
					await writer.stop({ timeout: 0 });
				}
			}),
	};
}

/** Starts a registry that takes images from whoever has its login. */
export async function startWriter(
	run: Pick<Run, "labels">,
	image: string,
): Promise<{ writer: StartedTestContainer; login: WriterLogin }> {
	const login = await makeWriterLogin();
	const writer = await startContainer(
		"the registry that takes images",
		makeContainer(run, image, unauthorized)
			.withCopyContentToContainer([
				{ content: login.htpasswd, target: htpasswdFile },
			])
			.withEnvironment(writerEnvironment),
	);
	return { writer, login };
}

/** @param ready what /v2/ answers once it is */
function makeContainer(
	{ labels }: Pick<Run, "labels">,
	image: string,
	ready = 200,
) {
	return new RunContainer(image, labels)
		.withExposedPorts(port)
		.withBindMounts([
			{ source: registryVolume, target: "/var/lib/registry", mode: "rw" },
		])
		.withWaitStrategy(
			Wait.forHttp("/v2/", port)
				.forStatusCode(ready)
				.withStartupTimeout(budgets.containerStart),
		);
}

function addressOf(container: StartedTestContainer): string {
	return `${container.getHost()}:${container.getMappedPort(port)}`;
}

/** An image of the engine, and what a registry has it under. */
interface Publishable {
	readonly local: string;
	readonly id: string;
	readonly path: string;
	readonly tag: string;
}

/** Finds the images that the registry does not have, or has another version of. @param address host and port */
async function findMissing(
	docker: Dockerode,
	address: string,
	images: readonly ProvidedImage[],
): Promise<Publishable[]> {
	const found = await pLimit(4).map(images, async ({ reference, local }) => {
		const { Id: id } = await docker.getImage(local).inspect();
		const image = { ...publishedAs(reference), local, id };
		return (await isPublished({ address, ...image })) ? [] : [image];
	});
	return found.flat();
}

async function push(
	docker: Dockerode,
	address: string,
	{ local, path, tag }: Publishable,
	{ username, password }: WriterLogin,
): Promise<void> {
	// It is the engine that pushes, and it reaches the registry at the published port.
	const serveraddress = `localhost:${address.split(":")[1]}`;
	const login = { username, password, serveraddress };
	await pushImage(docker, local, `${serveraddress}/${path}`, tag, login);
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

/** Pushes an image of the engine under another name, which it has only until it is pushed. */
export async function pushImage(
	docker: Dockerode,
	local: string,
	repo: string,
	tag: string,
	login: RegistryLogin | undefined = undefined,
): Promise<void> {
	await docker.getImage(local).tag({ repo, tag });
	const pushed = docker.getImage(`${repo}:${tag}`);
	try {
		const stream = await pushed.push({ authconfig: login ?? {} });
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
