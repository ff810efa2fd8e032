import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { labelSelector } from "../../../clients/label-selector.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, at, textAt } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { podsBehind, podsOf } from "./discovered.ts";
import { wantedPort } from "./make-target.ts";
import { monitorsIn } from "./monitored.ts";
import { isInNamespace } from "./monitored-namespaces.ts";
import { declaringPort } from "./ports.ts";
import type { ScrapedTarget } from "./target.ts";

/** What a monitor looks for and does not find, for the end of a sentence, and who lacks it. */
interface Missing {
	readonly what: string;
	readonly wayOut: string;
}

/** Why a monitor no longer finds a target; undefined where that is not known. */
export function missingAt(
	old: ScrapedTarget,
	a: Side,
	b: Side,
): Missing | undefined {
	const monitor = monitorsIn(b).find((each) => nameOf(each) === old.owner);
	const [service, before] = [b, a].map((side) =>
		objectsOf(side, "Service").find((each) => nameOf(each) === old.scraped),
	);
	if (monitor?.kind === "ServiceMonitor" && service) {
		const labels = asObject(service.metadata.labels);
		return (
			missingLabel(monitor, service, labels, "the Service") ??
			missingServicePort(monitor, service, before) ??
			missingPods(service, b)
		);
	}
	const pods = podsOf(b).find(
		({ workload }) => nameOf(workload) === old.scraped,
	);
	if (monitor?.kind !== "PodMonitor" || !pods) return undefined;
	const label = missingLabel(monitor, pods.workload, pods.labels, "the pods");
	if (label) return label;
	const ports = listAt(monitor, "spec", "podMetricsEndpoints").flatMap(
		(each) => wantedPort(each) ?? [],
	);
	return ports.length > 0 &&
		ports.every((port) => declaringPort(port, pods).length === 0)
		? {
				what: `the port ${ports.join(" or ")}, which none of their containers declares`,
				wayOut: wayOutOf("the pods", "that port"),
			}
		: undefined;
}

type Lacking = "the Service" | "the pods";

function wayOutOf(lacking: Lacking, what: string): string {
	return `Give ${lacking} ${what} back, or let the monitor look for what is there now.`;
}

function missingLabel(
	monitor: Manifest,
	{ metadata: { namespace } }: Manifest,
	labels: Readonly<Record<string, unknown>>,
	lacking: Lacking,
): Missing | undefined {
	if (!isInNamespace(monitor, namespace))
		return {
			what: `the namespaces of its namespaceSelector, and ${namespace} is none of them`,
			wayOut: `Add ${namespace} to the monitor's namespaceSelector.`,
		};
	const selector = labelSelector.safeParse(at(monitor, "spec.selector"));
	const wanted = Object.entries(selector.data?.matchLabels ?? {});
	const [first] = wanted.filter(([name, value]) => labels[name] !== value);
	if (!first) return undefined;
	const [name, value] = first;
	const now = labels[name];
	const [has, lacks] =
		lacking === "the Service" ? ["has", "lacks"] : ["have", "lack"];
	return {
		what: `the label ${name}=${value}, which ${lacking} now ${now === undefined ? lacks : `${has} as ${name}=${String(now)}`}`,
		wayOut: wayOutOf(lacking, "that label"),
	};
}

function missingServicePort(
	monitor: Manifest,
	service: Manifest,
	before: Manifest | undefined,
): Missing | undefined {
	const names = listAt(monitor, "spec", "endpoints").map((each) =>
		textAt(each, "port"),
	);
	const ports = listAt(service, "spec", "ports");
	const has = (name: string) =>
		name === "" || ports.some((each) => at(each, "name") === name);
	const [lost] = names;
	if (lost === undefined || names.some(has)) return undefined;
	const old = listAt(before, "spec", "ports").find(
		(each) => at(each, "name") === lost,
	);
	const heir =
		old && ports.find((each) => at(each, "port") === at(old, "port"));
	const name = textAt(heir, "name");
	return {
		what: `the port ${lost}, which the Service ${name === "" ? "no longer has" : `now calls ${name}`}`,
		wayOut: wayOutOf(
			"the Service",
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
		what: `pods behind the Service, whose selector ${labels.join(",")} matches none`,
		wayOut:
			"Give the pods the labels of the Service's selector, or change the selector.",
	};
}
