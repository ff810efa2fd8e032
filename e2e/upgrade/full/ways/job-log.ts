import type { KubeClient } from "../../../clients/kubernetes.ts";

/** Lines that are read, and those of them that are shown: kubectl explains a conflict in a dozen. */
const most = { read: 100, shown: 5 };
const telling = /\b(error|fail(ed)?|conflicts?|denied|forbidden|invalid)\b/i;

/** What the log of a job's last pod says went wrong, or else its end; empty if there is no pod any more. */
export async function lastWordsOfJob(
	kube: KubeClient,
	{ name, namespace }: { readonly name: string; readonly namespace: string },
): Promise<string> {
	const pods = await kube.list({
		apiVersion: "v1",
		kind: "Pod",
		namespace,
		labelSelector: `job-name=${name}`,
	});
	const last = pods.at(-1);
	if (!last) return "";
	const log = await kube
		.logs(namespace, last.metadata.name, { tailLines: most.read })
		// Why the job has failed counts more than a log that cannot be read.
		.catch(() => "");
	const lines = log
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "");
	const errors = lines.filter((line) => telling.test(line));
	return (errors.length > 0 ? errors : lines).slice(-most.shown).join("; ");
}
