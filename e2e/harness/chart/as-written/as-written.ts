import { z } from "zod";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import type { Manifest } from "../../../clients/kube-objects.ts";
import type { Environment } from "../../../common/environment.ts";
import { isLoginFormOff } from "../computed/login-form.ts";
import type { LoadedChart } from "../loaded-chart.ts";
import { compactsBesideUploads } from "./local-compaction.ts";
import { readNodeExporter } from "./node-exporter.ts";
import { readRecordsSwitchedOff } from "./records-switched-off.ts";
import { readRootRoute } from "./root-route.ts";

type AsWritten = Environment["asWritten"];

/** The operator's own, for a Prometheus that says nothing else. */
const operatorDefaults = {
	blockSize: "2h",
	compactsLocally: false,
	startUpSeconds: 15 * 60,
};
const probe = z.looseObject({
	initialDelaySeconds: z.number().optional(),
	periodSeconds: z.number().optional(),
	failureThreshold: z.number().optional(),
});
const prometheus = z.looseObject({
	spec: z.looseObject({
		thanos: z.looseObject({ blockSize: z.string().optional() }).optional(),
		maximumStartupDurationSeconds: z.number().optional(),
		containers: z
			.array(
				z.looseObject({ name: z.string(), startupProbe: probe.optional() }),
			)
			.default([]),
	}),
});

/** Renders what the homelab would install, and reads what the test's own values replace of it. */
export async function readAsWritten(
	chart: Pick<LoadedChart, "render" | "defaults" | "written">,
	kubeVersion: string,
	furtherValues = "{}",
): Promise<AsWritten> {
	const flags = ["--skip-tests"];
	const options = { kubeVersion, furtherValues, flags, asWritten: true };
	const manifests = await chart.render(options);
	return {
		...parseAsWritten(manifests),
		loginFormOff: isLoginFormOff([...chart.written, furtherValues]),
		recordsSwitchedOff: await readRecordsSwitchedOff(
			chart,
			parseManifests(manifests),
			options,
		),
	};
}

/** Reads it from manifests (YAML). The operator merges a container's probe with its own. */
export function parseAsWritten(manifests: string): AsWritten {
	const all = parseManifests(manifests);
	return {
		...readPrometheus(all),
		nodeExporter: readNodeExporter(all),
		rootRoute: readRootRoute(all),
	};
}

function readPrometheus(
	manifests: readonly Manifest[],
): Pick<AsWritten, "blockSize" | "compactsLocally" | "startUpSeconds"> {
	const found = manifests.find(({ kind }) => kind === "Prometheus");
	const { success, data } = prometheus.safeParse(found);
	// The API server refuses anything else, with its own message.
	if (!success) return operatorDefaults;
	const { thanos, maximumStartupDurationSeconds, containers } = data.spec;
	const own = containers.find(({ name }) => name === "prometheus");
	const made = operatorProbe(maximumStartupDurationSeconds);
	const {
		initialDelaySeconds = 0,
		periodSeconds = made.periodSeconds,
		failureThreshold = made.failureThreshold,
	} = own?.startupProbe ?? {};
	const compactsLocally = compactsBesideUploads(data.spec, manifests);
	const given = compactsLocally ? undefined : thanos?.blockSize;
	return {
		// Prometheus' own length is the operator's, too.
		blockSize: given || operatorDefaults.blockSize,
		compactsLocally,
		startUpSeconds: initialDelaySeconds + periodSeconds * failureThreshold,
	};
}

/** The start-up probe that the operator makes: GetStatupProbePeriodSecondsAndFailureThreshold in its pkg/prometheus. */
function operatorProbe(maximum = 0) {
	// Less than a minute is ignored.
	if (maximum < 60) return { periodSeconds: 15, failureThreshold: 60 };
	const failureThreshold = Math.ceil(maximum / 60);
	const periodSeconds = Math.ceil(maximum / failureThreshold);
	return { periodSeconds, failureThreshold };
}
