import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import type Dockerode from "dockerode";
import { mapKeys } from "es-toolkit";
import { Wait } from "testcontainers";
import { budgets } from "../../common/budgets.ts";
import { SetUpError } from "../../common/errors.ts";
import { projectPath } from "../../common/paths.ts";
import type { FileTree } from "../../common/tar.ts";
import { runOneShot } from "../docker/one-shot.ts";
import { RunContainer } from "../docker/run-container.ts";
import { startContainer } from "../docker/start-container.ts";
import type { Run } from "../run/run.ts";
import type { ArchiveIndex } from "./archive-source.ts";
import { parseImageReference } from "./reference.ts";
import { pushImage } from "./registry.ts";

/**
 * Serves images under <mirror>/<host>/<path>, as a mirror of every registry.
 *
 * @returns the mirror's host and port for --images pull:<mirror>; `forget` removes the names that images in the engine got
 * when they were pulled from it
 */
export async function serveImages(
	docker: Dockerode,
	run: Run,
	{ components, references }: ArchiveIndex,
): Promise<{ address: string; forget(): Promise<void> }> {
	const image = components.registry;
	if (!image)
		throw new SetUpError("the archive index has no image of the registry");
	const container = await startContainer(
		"the registry",
		new RunContainer(image.local, run.labels)
			.withExposedPorts(5000)
			.withWaitStrategy(
				Wait.forHttp("/v2/", 5000).withStartupTimeout(budgets.containerStart),
			),
	);
	const address = `localhost:${container.getMappedPort(5000)}`;
	for (const { reference, local } of [
		...Object.values(components),
		...references,
	]) {
		const { repository, tag } = parseImageReference(reference);
		await pushImage(docker, local, `${address}/${repository}`, tag);
	}
	return {
		address,
		forget: async () => {
			const filters = { reference: [`${address}/*/*`, `${address}/*/*/*`] };
			const pulled = await docker.listImages({ filters });
			const names = pulled.flatMap(({ RepoTags: tags }) => tags ?? []);
			for (const name of names.filter((each) => each.startsWith(address)))
				await docker.getImage(name).remove({ noprune: true });
		},
	};
}

/** Serves a chart repository with the embedded chart: index.yaml and a package. */
export async function serveChart(
	docker: Dockerode,
	run: Run,
	{ components }: ArchiveIndex,
): Promise<{ url: string; version: string; close(): void }> {
	const image = components.helm;
	if (!image) throw new SetUpError("the archive index has no image of Helm");
	const helm = (args: string[], files: FileTree) =>
		runOneShot(docker, {
			image: image.local,
			tool: "helm",
			args,
			files,
			take: "repository",
			labels: run.labels,
		});
	const chart = await readTree(
		projectPath("stack/charts/kube-prometheus-stack"),
	);
	const { files: packages } = await helm(
		["package", "chart", "--destination=repository"],
		{ "repository/": "", ...mapKeys(chart, (_, path) => `chart/${path}`) },
	);
	const { files } = await helm(
		["repo", "index", "repository"],
		mapKeys(packages, (_, path) => `repository/${path}`),
	);
	const server = createServer((request, response) => {
		const content = files[basename(request.url ?? "")];
		response.writeHead(content ? 200 : 404).end(content);
	});
	await new Promise<void>((resolve) =>
		server.listen(0, "127.0.0.1", () => resolve()),
	);
	const { port } = server.address() as AddressInfo;
	const version = Object.keys(packages)
		.map((name) => /-(\d+\.\d+\.\d+.*)\.tgz$/.exec(name)?.[1])
		.find((found) => found !== undefined);
	if (!version)
		throw new SetUpError("helm package succeeded, but wrote no package");
	return {
		url: `http://127.0.0.1:${port}`,
		version,
		close: () => server.close(),
	};
}

async function readTree(dir: string): Promise<FileTree> {
	const entries = await readdir(dir, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile());
	return Object.fromEntries(
		await Promise.all(
			files.map(async ({ name, parentPath }) => {
				const path = join(parentPath, name);
				return [path.slice(dir.length + 1), await readFile(path)] as const;
			}),
		),
	);
}
