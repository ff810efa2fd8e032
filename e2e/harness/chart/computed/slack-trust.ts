import {
	isMap,
	listAt,
	mapsAt,
	stringAt,
	yamlAt,
} from "../../../common/parsing/yaml-map.ts";
import type { Addition } from "./addition.ts";
import { readValues } from "./read-values.ts";

/** The ConfigMap with the certificate of Slack's mock, in the namespace of the stack. */
export const slackAuthority = "slack-mock-authority";

/** Slack's own addresses; and the tokens of apps, which Alertmanager sends to such an address by default. */
const ownAddress =
	/https:\/\/(slack\.com\/api|hooks\.slack\.com)\/|\b(slack_)?app_token/;
const spec = ["alertmanager", "alertmanagerSpec"];
/** Where Alertmanager looks for authorities beside those of its image. */
const variable = "SSL_CERT_DIR";
const folder = `/etc/alertmanager/configmaps/${slackAuthority}`;

/**
 * Lets Alertmanager trust Slack's mock where values name an address of Slack's own, wherever in them: the cluster's DNS
 * leads it to the mock. A list in values replaces that of earlier ones, so what the last one has is repeated.
 *
 * @param layers contents of values files, in their order
 * @returns undefined if no values name one
 */
export function trustSlackMock(
	layers: readonly string[],
): Addition | undefined {
	const values = layers.map(readValues);
	if (!values.some((each) => ownAddress.test(JSON.stringify(each) ?? "")))
		return undefined;
	const lastOf = (key: string) =>
		listAt(
			values.findLast((each) => yamlAt(each, ...spec, key) !== undefined),
			...spec,
			key,
		);
	const configMaps = lastOf("configMaps");
	const containers = lastOf("containers");
	const isOwn = (each: unknown) => stringAt(each, "name") === "alertmanager";
	const own = containers.find(isOwn);
	const env = mapsAt(own, "env");
	const said = env.find(({ name }) => name === variable);
	const value = [stringAt(said, "value"), folder].filter(Boolean).join(":");
	const alertmanager = {
		...(isMap(own) ? own : { name: "alertmanager" }),
		env: [...env.filter((each) => each !== said), { name: variable, value }],
	};
	const path = spec.join(".");
	const index = own ? containers.indexOf(own) : containers.length;
	return {
		content: JSON.stringify({
			alertmanager: {
				alertmanagerSpec: {
					configMaps: [...configMaps, slackAuthority],
					containers: containers.toSpliced(index, 1, alertmanager),
				},
			},
		}),
		changed: [
			`${path}.configMaps[${configMaps.length}]=${slackAuthority}`,
			`${path}.containers[${index}].env.${variable}=${value}`,
		],
		reason:
			"Slack's own addresses lead to its mock here. Alertmanager trusts the mock's certificate beside those that it trusts anyway.",
	};
}
