import { isEqual } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { formatSelector, selects } from "../../../clients/label-selector.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, at, textAt } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { labelsAt, podsBehind, podsOf } from "./discovered.ts";
import { wantedPort } from "./make-target.ts";
import { monitorsIn } from "./monitored.ts";
import { isInNamespace } from "./monitored-namespaces.ts";
import { declaringPort } from "./ports.ts";
import { type LabelRequirement, requirementsOf } from "./requirements.ts";
import type { ScrapedTarget } from "./target.ts";

/** What a monitor looks for and does not find, for the end of a sentence, and what to do. */
interface Missing {
	readonly says: string;
	readonly wayOut: string;
}

/** Why a monitor no longer finds a target; undefined where that is not known. */
export function missingAt(
	old: ScrapedTarget,
	a: Side,
	b: Side,
): Missing | undefined {
	const [monitor, monitorBefore] = [b, a].map((side) =>
		monitorsIn(side).find((each) => nameOf(each) === old.owner),
	);
	const [service, before] = [b, a].map((side) =>
		objectsOf(side, "Service").find((each) => nameOf(each) === old.scraped),
	);
	if (monitor?.kind === "ServiceMonitor" && service)
		return (
			missingLabel(
				monitor,
				monitorBefore,
				service,
				labelsAt(service, "metadata.labels"),
				ofService,
			) ??
			missingServicePort(monitor, monitorBefore, service, before) ??
			missingPods(service, b)
		);
	const pods = podsOf(b).find(
		({ workload }) => nameOf(workload) === old.scraped,
	);
	if (monitor?.kind !== "PodMonitor" || !pods) return undefined;
	const label = missingLabel(
		monitor,
		monitorBefore,
		pods.workload,
		pods.labels,
		ofPods,
	);
	if (label) return label;
	const ports = podPorts(monitor);
	if (
		ports.length === 0 ||
		ports.some((port) => declaringPort(port, pods).length > 0)
	)
		return undefined;
	const isNew = ports.some((port) => !podPorts(monitorBefore).includes(port));
	return {
		says: `it ${isNew ? "now " : ""}looks for the port ${ports.join(" or ")}, which none of their containers declares`,
		wayOut: isNew ? correct("port") : ofPods.giveBack("that port"),
	};
}

/** Who lacks what a monitor looks for. */
interface Lacking {
	readonly name: string;
	readonly has: string;
	readonly giveBack: (what: string) => string;
}

function makeLacking(name: string, has: string): Lacking {
	return {
		name,
		has,
		giveBack: (what) =>
			`Give ${name} ${what} back, or let the monitor look for what is there now.`,
	};
}

const ofService = makeLacking("the Service", "has");
const ofPods = makeLacking("the pods", "have");

function correct(what: string): string {
	return `Correct the ${what} that the monitor looks for: what is there has not lost it.`;
}

function missingLabel(
	monitor: Manifest,
	monitorBefore: Manifest | undefined,
	{ metadata: { namespace } }: Manifest,
	labels: Readonly<Record<string, string>>,
	{ name, has, giveBack }: Lacking,
): Missing | undefined {
	if (!isInNamespace(monitor, namespace))
		return {
			says: `it looks for the namespaces of its namespaceSelector, and ${namespace} is none of them`,
			wayOut: `Add ${namespace} to the monitor's namespaceSelector.`,
		};
	const lacks = (each: LabelRequirement) => !selects(each.selector, labels);
	const lost = requirementsOf(monitor).find(lacks);
	if (!lost) return undefined;
	const isNew = !requirementsOf(monitorBefore).some((each) =>
		isEqual(each, lost),
	);
	const value = labels[lost.label];
	const absent = isNew
		? `${has} no label ${lost.label}`
		: `no longer ${has} the label ${lost.label}`;
	const present = `${isNew ? "" : "now "}${has} ${lost.label}=${value}`;
	return {
		says: `it ${isNew ? "now " : ""}looks for ${formatSelector(lost.selector)}, and ${name} ${value === undefined ? absent : present}`,
		wayOut: isNew ? correct("label") : giveBack("that label"),
	};
}

function missingServicePort(
	monitor: Manifest,
	monitorBefore: Manifest | undefined,
	service: Manifest,
	before: Manifest | undefined,
): Missing | undefined {
	const names = servicePorts(monitor);
	const ports = listAt(service, "spec", "ports");
	const has = (name: string) =>
		name === "" || ports.some((each) => at(each, "name") === name);
	const [lost] = names;
	if (lost === undefined || names.some(has)) return undefined;
	if (!servicePorts(monitorBefore).includes(lost))
		return {
			says: `it now looks for the port ${lost}, and the Service has only ${ports.map((each) => textAt(each, "name") || String(at(each, "port"))).join(" and ")}`,
			wayOut: correct("port"),
		};
	const old = listAt(before, "spec", "ports").find(
		(each) => at(each, "name") === lost,
	);
	const heir =
		old && ports.find((each) => at(each, "port") === at(old, "port"));
	const name = textAt(heir, "name");
	return {
		says: `it looks for the port ${lost}, which the Service ${name === "" ? "no longer has" : `now calls ${name}`}`,
		wayOut: ofService.giveBack(
			name === "" ? "that port" : "that name of its port",
		),
	};
}

function missingPods(service: Manifest, side: Side): Missing | undefined {
	const selector = Object.entries(asObject(at(service, "spec.selector")));
	if (selector.length === 0 || podsBehind(service, podsOf(side)).length > 0)
		return undefined;
	const labels = selector.map(([name, value]) => `${name}=${String(value)}`);
	return {
		says: `it looks for pods behind the Service, whose selector ${labels.join(",")} matches none`,
		wayOut:
			"Give the pods the labels of the Service's selector, or change the selector.",
	};
}

function servicePorts(monitor: Manifest | undefined): string[] {
	return listAt(monitor, "spec", "endpoints").map((each) =>
		textAt(each, "port"),
	);
}

function podPorts(monitor: Manifest | undefined): unknown[] {
	return listAt(monitor, "spec", "podMetricsEndpoints").flatMap(
		(each) => wantedPort(each) ?? [],
	);
}
