import { createServer, type Server } from "node:http";

/**
 * Starts an API server with a careless pod, and a Secret whose content its log shows.
 *
 * @param said what the pod says of itself
 * @param inCluster the Secret's content
 */
export async function startCarelessApi(
	said: string,
	inCluster: string,
): Promise<Server> {
	const list = (name: string, kind: string) => ({
		name,
		kind,
		namespaced: true,
		verbs: ["list", "get"],
	});
	const metadata = { name: "p", namespace: "apps", annotations: { said } };
	const statuses = [{ name: "c", restartCount: 1, state: {}, ready: true }];
	const data = { file: Buffer.from(inCluster).toString("base64") };
	const answers: Readonly<Record<string, unknown>> = {
		"/api/v1": { resources: [list("pods", "Pod"), list("secrets", "Secret")] },
		"/api/v1/secrets": { items: [{ metadata: { name: "s" }, data }] },
		"/api/v1/pods": {
			items: [
				{
					metadata,
					spec: {
						containers: [{ name: "c", env: [{ name: "A", value: said }] }],
					},
					status: { containerStatuses: statuses },
				},
			],
		},
	};
	const server = createServer(({ url = "" }, response) => {
		const { pathname } = new URL(url, "http://x");
		const answer = answers[pathname];
		if (pathname.endsWith("/log"))
			response.end(`${said}\n${JSON.stringify({ it: inCluster })}`);
		else response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer));
	});
	await new Promise<void>((resolve) => {
		server.listen(0, "127.0.0.1", () => resolve());
	});
	return server;
}
