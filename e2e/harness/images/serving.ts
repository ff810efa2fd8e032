import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import type Dockerode from "dockerode";
import { GenericContainer, Wait } from "testcontainers";
import { SetUpError } from "../../common/errors.ts";
import { projectPath } from "../../common/paths.ts";
import type { FileTree } from "../../common/tar.ts";
import { runOneShot } from "../docker/one-shot.ts";
import type { Run } from "../run/run.ts";
import type { ArchiveIndex } from "./archive-source.ts";
import { parseImageReference } from "./reference.ts";
import { pushImage } from "./registry.ts";

/**
 * Serves images as a mirror of every registry would, under <mirror>/<host>/<path>.
 *
 * @returns the mirror's host and port, for --images pull:<mirror>, and what removes the names that pulling from
 * it left in the engine
 */
export async function serveImages(
	docker: Dockerode,
	run: Run,
	{ components, references }: ArchiveIndex,
): Promise<{ address: string; forget(): Promise<void> }> {
	const image = components.registry;
	if (!image) throw new SetUpError("there is no image of a registry");
	const container = await new GenericContainer(image.local)
		.withLabels({ ...run.labels })
		.withExposedPorts(5000)
		.withWaitStrategy(Wait.forHttp("/v2/", 5000))
		.start();
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

/** Serves the embedded chart as a chart repository: index.yaml and a package. */
export async function serveChart(
	docker: Dockerode,
	run: Run,
	{ components }: ArchiveIndex,
): Promise<{ url: string; version: string; close(): void }> {
	const image = components.helm;
	if (!image) throw new SetUpError("there is no image of Helm");
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
		{ "repository/": "", ...prefixed("chart", chart) },
	);
	const { files } = await helm(
		["repo", "index", "repository"],
		prefixed("repository", packages),
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
	if (!version) throw new SetUpError("helm package made no package");
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

function prefixed(folder: string, files: FileTree): FileTree {
	return Object.fromEntries(
		Object.entries(files).map(([path, content]) => [
			`${folder}/${path}`,
			content,
		]),
	);
}
