import { z } from "zod";

const info = z.looseObject({
	OSType: z.string().default("linux"),
	Architecture: z.string().default(""),
	SecurityOptions: z.array(z.string()).nullish(),
});

const version = z.looseObject({
	Components: z.array(z.looseObject({ Name: z.string() })).nullish(),
	Version: z.string().default(""),
});

const architectures = ["x86_64", "amd64", "aarch64", "arm64"];
/** The first one with cgroup namespaces of containers' own. */
const oldestEngine = 20;

/**
 * Why an engine cannot run the nodes, in one sentence; undefined if it can.
 *
 * @param rawInfo the answer to GET /info
 * @param rawVersion the answer to GET /version
 */
export function findUnsupported(
	rawInfo: unknown,
	rawVersion: unknown,
): string | undefined {
	const { OSType, Architecture, SecurityOptions } = info.parse(rawInfo);
	const { Components, Version } = version.parse(rawVersion);
	const has = (option: string) =>
		(SecurityOptions ?? []).some((each) => each.startsWith(`name=${option}`));
	if (Components?.some(({ Name }) => /podman/i.test(Name)))
		return "Podman is not supported: it pushes to a registry on this machine by HTTPS only, and its API cannot ask a registry for an image. Use a Docker engine: DOCKER_HOST or `docker context use` names it";
	if (OSType !== "linux")
		return `this Docker engine runs ${OSType} containers, but the nodes are Linux containers: switch Docker Desktop to Linux containers`;
	if (has("rootless"))
		return "a rootless Docker engine is not supported: nodes need loop devices, /dev/kmsg and every cgroup controller, which it cannot give. Use one that runs as root: `docker context use default`";
	if (has("userns"))
		return "this Docker engine maps users (userns-remap), and so refuses the privileged containers that the nodes are: use one without userns-remap";
	if (!architectures.includes(Architecture))
		return `this Docker engine runs on ${Architecture}, but the images exist for x86_64 and arm64 only`;
	const major = Number.parseInt(Version, 10);
	if (major < oldestEngine)
		return `this is Docker ${Version}, but the nodes need cgroup namespaces of their own, which Docker ${oldestEngine}.10 brought: update it`;
	return undefined;
}
