import { findGrafanaService } from "../e2e/clients/grafana/service.ts";
import { KubeClient } from "../e2e/clients/kubernetes.ts";
import { defineCommand } from "../e2e/common/command.ts";
import { patienceOption } from "../e2e/common/command-options.ts";
import type { Environment } from "../e2e/common/environment.ts";
import { exitCodes } from "../e2e/common/errors.ts";
import { print } from "../e2e/common/output/terminal.ts";
import { projectPath } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import { objectStoreName } from "../e2e/harness/cluster/object-store.ts";
import { beginReport } from "../e2e/harness/report/report.ts";
import { writeKubeconfig } from "../e2e/harness/run/kept.ts";
import {
	freshOption,
	readSetUpOptions,
	setUpOptions,
} from "../e2e/harness/set-up/options.ts";
import { withEnvironment } from "../e2e/harness/set-up/session.ts";

export const upCommand = defineCommand({
	name: "up",
	description: "Starts the cluster with the stack on it and leaves it running.",
	exitCodes: { 0: "the cluster is up", 2: "set-up failed" },
	options: { ...setUpOptions, fresh: freshOption, patience: patienceOption },
	run: async (raw) => {
		const setUp = await readSetUpOptions(raw);
		const progress = new Progress();
		// Only evidence goes there, if set-up fails.
		const reportDir = projectPath("e2e-report", "up");
		await beginReport(reportDir);
		const session = { setUp, keep: true, reportDir };
		await withEnvironment(session, progress, async ({ environment }) => {
			const file = await writeKubeconfig(environment);
			print(explainAccess(environment, file, await findGrafana(environment)));
		});
		return exitCodes.proven;
	},
});

function explainAccess(
	{ namespace, objectStore, clusterId }: Environment,
	kubeconfig: string,
	grafana: string,
): string {
	const proxied = (service: string) =>
		`http://127.0.0.1:8001/api/v1/namespaces/${namespace}/services/${service}/proxy/`;
	return `
the cluster is up, and stays until npm run down

  export KUBECONFIG=${kubeconfig}
  kubectl proxy     # then:
  Prometheus        ${proxied("prometheus-operated:9090")}
  Alertmanager      ${proxied("alertmanager-operated:9093")}
  Slack mock        http://127.0.0.1:8001/api/v1/namespaces/slack-mock/services/slack-mock:80/proxy/_control/requests
${grafana}  MinIO             http://${objectStore.host}:${objectStore.port} (bucket ${objectStore.bucket}, user ${objectStore.accessKey}, password in the environment of container ${objectStoreName(clusterId)})
`;
}

/** How to reach Grafana; empty if the values leave it out. */
async function findGrafana({
	kubeconfig,
	namespace,
}: Environment): Promise<string> {
	const kube = KubeClient.fromKubeconfig(kubeconfig);
	try {
		const { name, port } = await findGrafanaService(kube, namespace);
		return `  Grafana           kubectl -n ${namespace} port-forward service/${name} 3000:${port}
                    then http://127.0.0.1:3000, with what is in Secret ${namespace}/grafana-admin
`;
	} catch {
		return "";
	} finally {
		await kube.close();
	}
}

if (import.meta.main) await upCommand.main();
