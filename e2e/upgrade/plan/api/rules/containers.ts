import { listAt } from "../../../../common/parsing/yaml-map.ts";
import { parseQuantity } from "../../../../common/sizes.ts";
import { asObject, at, textAt } from "../../charts/fields.ts";
import { environmentProblems } from "./environment.ts";
import {
	isDnsLabel,
	isPortName,
	isPortNumber,
	isSet,
	portErrors,
	twice,
} from "./names.ts";

/** What the API server says against the containers of a pod, beside what their schema says. */
export function containerProblems(
	spec: unknown,
	claims: readonly string[],
	cluster: string,
): string[] {
	const volumes = [
		...listAt(spec, "volumes").map((each) => textAt(each, "name")),
		...claims,
	];
	const own = listAt(spec, "containers");
	const containers = [...listAt(spec, "initContainers"), ...own];
	return [
		...(own.length === 0 ? ["the pods have no containers"] : []),
		...twice(containers.map((each) => textAt(each, "name"))).map(
			(name) => `two containers are called ${name}`,
		),
		...containers.flatMap((each) => {
			const name = textAt(each, "name");
			return [
				...(isDnsLabel(name)
					? []
					: [
							`the container's name "${name}" must be at most 63 lower-case letters, digits and -`,
						]),
				...[
					...imageProblems(each),
					...portProblems(each),
					...environmentProblems(each, cluster),
					...mountProblems(each, volumes),
					...handlerProblems(each),
					...resourceProblems(each),
					...privilegeProblems(each),
				].map((problem) => `the container ${name} ${problem}`),
			];
		}),
	];
}

function imageProblems(container: unknown): string[] {
	const image = textAt(container, "image");
	if (image === "") return ["has no image"];
	return image === image.trim() ? [] : [`has blanks around its image ${image}`];
}

function portProblems(container: unknown): string[] {
	const ports = listAt(container, "ports");
	const names = ports.map((each) => textAt(each, "name")).filter(Boolean);
	return [
		...twice(names).map((name) => `has two ports that are called ${name}`),
		...names
			.filter((name) => !isPortName(name))
			.map(
				(name) =>
					`has a port that is called ${name}, and may have at most 15 lower-case letters, digits and -`,
			),
		...ports
			.flatMap((each) => [at(each, "containerPort"), at(each, "hostPort") || 1])
			.filter((port) => !isPortNumber(port))
			.map((port) => `has ${String(port)} as a port`),
	];
}

function mountProblems(
	container: unknown,
	volumes: readonly string[],
): string[] {
	const mounts = listAt(container, "volumeMounts");
	return [
		...mounts
			.map((mount) => textAt(mount, "name"))
			.filter((volume) => !volumes.includes(volume))
			.map((volume) => `mounts ${volume}, which is no volume of the pod`),
		...twice(mounts.map((mount) => textAt(mount, "mountPath"))).map(
			(path) => `mounts two volumes at ${path}`,
		),
		...mounts.flatMap((mount) => {
			const path = textAt(mount, "subPath");
			return [
				...(path.startsWith("/") || path.split("/").includes("..")
					? [`has the subPath ${path}, which must stay below its volume`]
					: []),
				...(path !== "" && textAt(mount, "subPathExpr") !== ""
					? ["has a subPath and a subPathExpr for one mount"]
					: []),
			];
		}),
	];
}

/** Probes, and what runs after the start and before the stop. */
function handlerProblems(container: unknown): string[] {
	const kinds = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];
	const places = [
		"livenessProbe",
		"readinessProbe",
		"startupProbe",
		"lifecycle.postStart",
		"lifecycle.preStop",
	];
	return places.flatMap((place) => {
		const handler = at(container, place);
		if (!isSet(handler)) return [];
		const found = kinds.filter((kind) => isSet(at(handler, kind)));
		const successes = at(handler, "successThreshold") ?? 1;
		return [
			...(found.length === 1
				? []
				: [
						`has ${found.length === 0 ? "nothing to do" : found.join(" and ")} in its ${place}, and needs one way`,
					]),
			...["httpGet", "tcpSocket"].flatMap((kind) =>
				portErrors(at(handler, `${kind}.port`), `in its ${place} the port`),
			),
			...(/^(liveness|startup)/.test(place) && successes !== 1
				? [`has a successThreshold in its ${place}, which must be 1`]
				: []),
		];
	});
}

/** What is wrong with what a container asks for, e.g. `asks for more memory than its limit`. */
export function resourceProblems(container: unknown): string[] {
	const limits = asObject(at(container, "resources.limits"));
	const requests = asObject(at(container, "resources.requests"));
	return [
		...Object.keys({ ...limits, ...requests })
			.filter(
				(name) =>
					!/^(cpu|memory|ephemeral-storage|hugepages-.+)$|\//.test(name),
			)
			.map((name) => `asks for ${name}, which is no resource`),
		...Object.entries(requests)
			.filter(([name, asked]) => isMore(asked, limits[name]))
			.map(([name]) => `asks for more ${name} than its limit`),
	];
}

function isMore(asked: unknown, limit: unknown): boolean {
	if (!isSet(limit)) return false;
	try {
		return parseQuantity(String(asked)) > parseQuantity(String(limit));
	} catch {
		// The schema says that it is no quantity.
		return false;
	}
}

function privilegeProblems(container: unknown): string[] {
	const { privileged, allowPrivilegeEscalation } = asObject(
		at(container, "securityContext"),
	);
	return privileged === true && allowPrivilegeEscalation === false
		? ["is privileged, and may not have allowPrivilegeEscalation: false"]
		: [];
}
