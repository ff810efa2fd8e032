import type { DisruptedPart } from "./claim-tags.ts";

/** The test environment as set-up passes it to the claims: plain JSON, because they run in other processes. */
export interface Environment {
	/** Identifies this run in labels and names, e.g. `r7k2x9`. */
	readonly runId: string;
	/** The id of the run that made the cluster: another one if a kept cluster is used. */
	readonly clusterId: string;
	/** Kubeconfig (YAML) with a server address that the test process can reach. */
	readonly kubeconfig: string;
	/** The namespace that the stack is installed in. */
	readonly namespace: string;
	/** Docker's names of the node containers, by the names of their Kubernetes nodes. */
	readonly nodes: Readonly<
		Record<"server" | "small" | "medium" | "large", string>
	>;
	readonly objectStore: ObjectStoreAccess;
	/** Images that tools and planted pods run from. */
	readonly images: {
		/** Contains promtool at /bin/promtool. */
		readonly prometheus: string;
		/** Contains amtool at /bin/amtool. */
		readonly alertmanager: string;
		/** Image reference for pods inside the cluster that run a .ts file with Node. */
		readonly node: string;
		/** Contains Perl and tune2fs. */
		readonly debian: string;
		/** A Chromium that serves its DevTools protocol at port 9222; undefined if Grafana has no pages. */
		readonly browser?: string | undefined;
	};
	readonly chart: {
		readonly name: string;
		readonly version: string;
		readonly source: string;
	};
	/** What the homelab would install where the test's own values replace it: claims judge this. */
	readonly asWritten: {
		/** The length of a block, as the chart and the operator pass it to Prometheus; its default is 2h. */
		readonly blockSize: string;
		/** Whether Prometheus compacts its blocks itself once they are uploaded. */
		readonly compactsLocally: boolean;
		/** How long Prometheus may take to start, WAL replay included, before it is killed. */
		readonly startUpSeconds: number;
		/** Node Exporter's arguments and the paths at which it has the node's `/`; undefined if the chart brings none. */
		readonly nodeExporter?:
			| {
					readonly args: readonly string[];
					readonly rootMounts: readonly string[];
			  }
			| undefined;
		/** The names that the chart's rules would record if defaultRules.rules switched none of them off. */
		readonly recordsSwitchedOff?: readonly string[] | undefined;
		/** Whether Grafana has no form to log in with a password, which it has for the test. */
		readonly loginFormOff?: boolean | undefined;
		/** How long Alertmanager's routes wait; undefined if the chart does not bring its configuration. */
		readonly rootRoute?: RouteWaits | undefined;
	};
	/** Prometheus' external labels when the cluster was made: those of the blocks that it uploaded first. */
	readonly firstExternalLabels: Readonly<Record<string, string>>;
	/** What the operator, Prometheus or Alertmanager refuses of what the chart brings; nothing where all are rolled out. */
	readonly refused?: readonly Refusal[] | undefined;
	/** Milliseconds by which the cluster's clock is ahead of this process'. */
	readonly clockAhead: number;
	/** Folder for this run's report and evidence. */
	readonly reportDir: string;
	/** Values that must never appear in a log, a report or evidence. */
	readonly secrets: readonly string[];
	/** The webhook that Alertmanager reads from its mounted file. */
	readonly slackWebhookUrl: string;
	/** The webhook that a claim rotates to. */
	readonly rotatedSlackWebhookUrl: string;
	/** The same for homelabs that write to Slack by a bot. */
	readonly slackBotToken: string;
	readonly rotatedSlackBotToken: string;
	/** The credentials of Grafana's administrator. */
	readonly grafanaAdmin: { readonly user: string; readonly password: string };
	/** A secret that Doppler holds and nothing uses. */
	readonly canary: string;
	/** The addons that run beside the chart: file names in stack/addons/. */
	readonly addons: readonly string[];
}

/**
 * Gives the environment as soon as all of the stack is rolled out but what may be broken. Where Prometheus may be, its
 * external labels are not known.
 */
export type EnvironmentSource = (
	ignored: readonly DisruptedPart[],
) => Promise<Environment>;

/** Why there is no Prometheus or Alertmanager as the values want it. */
export interface Refusal {
	readonly kind: "Prometheus" | "Alertmanager";
	/** In the words of who refuses it. */
	readonly says: string;
}

/** How long a route of Alertmanager waits, where it says so itself, and the routes below it, in their order. */
export interface RouteWaits {
	readonly groupWait?: string | undefined;
	readonly groupInterval?: string | undefined;
	readonly routes: readonly RouteWaits[];
}

/** How the test process reaches the object store, as the bucket's owner. */
export interface ObjectStoreAccess {
	readonly host: string;
	readonly port: number;
	readonly bucket: string;
	readonly accessKey: string;
	readonly secretKey: string;
}
