import { nameOf } from "../../../clients/kube-objects.ts";
import { listAt, mapsAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at, textAt } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { podsBehind, podsOf } from "../targets/discovered.ts";
import {
	type GrafanaPod,
	grafanaPodsOf,
	hasFurtherContainer,
} from "./grafana-pods.ts";
import { grafanaSettingsOf } from "./grafana-settings.ts";

/** How Grafana can be reached in its pod. */
interface Listening {
	readonly port: string;
	readonly isSecure: boolean;
	/** Whether only containers of the pod reach it. */
	readonly isLocal: boolean;
}

/** Probes and Services that lead to where Grafana does not listen any more. */
export function compareListening(a: Side, b: Side): Reason[] {
	const [old, now] = [a, b].map(onlyPod);
	const [before, after] = [a, b].map(listeningOf);
	if (!old || !now || !before || !after) return [];
	// A proxy in front of it may listen there instead.
	if (hasFurtherContainer(old, now)) return [];
	const known = new Set(lostProbes(old, before).map(({ probe }) => probe));
	const lost = [
		...lostProbes(now, after).filter(({ probe }) => !known.has(probe)),
		...(before.port === after.port ? [] : lostServices(b, now, before, after)),
	].map(({ what }) => what);
	const isNew = (isWanted: (probe: string) => boolean) =>
		lostProbes(now, after).some(
			({ probe }) => !known.has(probe) && isWanted(probe),
		);
	const effect = isNew((probe) => probe !== "livenessProbe")
		? "its pod is never ready"
		: isNew((probe) => probe === "livenessProbe")
			? "it is restarted again and again"
			: "it is not reached any more";
	return lost.length === 0
		? []
		: [
				makeReason(
					"setting-changed",
					"Grafana's settings server",
					`Grafana listens ${describe(after)}, but ${lost[0]}: ${effect}.`,
					{
						evidence: [
							`until now: ${describe(before)}`,
							`from now on: ${describe(after)}`,
							...lost,
						],
						danger: "unsafe",
						wayOut:
							"Set the section server of grafana.ini to the old values, or change grafana.service.targetPort and the probes of grafana as well.",
					},
				),
			];
}

function describe({ port, isSecure, isLocal }: Listening): string {
	const where = `at port ${port} by ${isSecure ? "https" : "http"}`;
	return isLocal ? `${where}, for its own pod only` : where;
}

/** Several Grafanas cannot be told apart by their settings. */
function onlyPod(side: Side): GrafanaPod | undefined {
	const [pod, ...others] = grafanaPodsOf(side);
	return others.length === 0 ? pod : undefined;
}

/** Undefined if it is not written out. */
function listeningOf(side: Side): Listening | undefined {
	const settings = grafanaSettingsOf(side);
	const port = settings.get("GF_SERVER_HTTP_PORT") || "3000";
	const protocol = settings.get("GF_SERVER_PROTOCOL") || "http";
	return /^\d+$/.test(port) && /^(https?|h2)$/.test(protocol)
		? {
				port,
				isSecure: protocol !== "http",
				isLocal: /^(127\.|localhost$|::1$)/.test(
					settings.get("GF_SERVER_HTTP_ADDR") ?? "",
				),
			}
		: undefined;
}

const probes = ["startupProbe", "readinessProbe", "livenessProbe"] as const;

function lostProbes(
	{ container }: GrafanaPod,
	{ port, isSecure, isLocal }: Listening,
): { probe: string; what: string }[] {
	return probes.flatMap((probe) => {
		const asked =
			at(container, `${probe}.httpGet`) ?? at(container, `${probe}.tcpSocket`);
		const own = numberOf(at(asked, "port"), [container]);
		const asksSecurely = textAt(asked, "scheme") === "HTTPS";
		if (asked === undefined || own === undefined) return [];
		if (own !== port || isLocal)
			return [{ probe, what: `its ${probe} still asks at port ${own}` }];
		return at(container, `${probe}.httpGet`) !== undefined &&
			asksSecurely !== isSecure
			? [
					{
						probe,
						what: `its ${probe} still asks by ${asksSecurely ? "https" : "http"}`,
					},
				]
			: [];
	});
}

/** Services that lead to where it listened; those that never did lead to a proxy in front of it. */
function lostServices(
	side: Side,
	{ workload }: GrafanaPod,
	before: Listening,
	{ port }: Listening,
): { what: string }[] {
	const pods = podsOf(side).filter((each) => each.workload === workload);
	return objectsOf(side, "Service")
		.filter((service) => podsBehind(service, pods).length > 0)
		.flatMap((service) => {
			const numbers = mapsAt(service.spec, "ports").map((each) =>
				numberOf(
					each.targetPort ?? each.port,
					pods.flatMap(({ containers }) => containers),
				),
			);
			return numbers.includes(before.port) && !numbers.includes(port)
				? [{ what: `${nameOf(service)} still leads to port ${before.port}` }]
				: [];
		});
}

/** A port by number or by the name that a container gives it. */
function numberOf(
	port: unknown,
	containers: readonly unknown[],
): string | undefined {
	if (/^\d+$/.test(String(port ?? ""))) return String(port);
	const found = containers
		.flatMap((each) => listAt(each, "ports"))
		.find((each) => at(each, "name") === port);
	const number = at(found, "containerPort");
	return number === undefined ? undefined : String(number);
}
