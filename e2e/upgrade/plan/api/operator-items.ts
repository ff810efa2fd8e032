import { isEqual, mapValues, omitBy } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { asObject, textAt } from "../charts/fields.ts";
import { plainDuration } from "./plain-amounts.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Whether it runs Prometheus 2, which has other defaults. */
export function isOfVersion2(object: Manifest): boolean {
	const written =
		textAt(object, "spec.version") || textAt(object, "spec.image");
	return /(^|:)v?2\./.test(written);
}

/** The protocols that Prometheus scrapes by, unless it is told others. */
export function usualProtocols(object: Manifest): string[] {
	return [
		"OpenMetricsText1.0.0",
		"OpenMetricsText0.0.1",
		...(isOfVersion2(object) ? [] : ["PrometheusText1.0.0"]),
		"PrometheusText0.0.4",
	];
}

/**
 * What Prometheus takes for what an item of a list does not say
 * (https://prometheus.io/docs/prometheus/latest/configuration/configuration/).
 */
const usualItems: Readonly<Record<string, Fields>> = {
	remoteRead: { remoteTimeout: "1m" },
	dnsSDConfigs: { type: "SRV", refreshInterval: "30s" },
	httpSDConfigs: { refreshInterval: "1m" },
	fileSDConfigs: { refreshInterval: "5m" },
};
/** Of how remote writing waits and collects; version 2 had other sizes. */
const usualQueue: Fields = {
	minShards: 1,
	batchSendDeadline: "5s",
	minBackoff: "30ms",
	maxBackoff: "5s",
	sampleAgeLimit: "0s",
};
const sizesOfQueue: Fields = {
	capacity: 10_000,
	maxShards: 50,
	maxSamplesPerSend: 2000,
};
const usualMetadata: Fields = {
	sendInterval: "1m",
	maxSamplesPerSend: 2000,
};

/** The spec of an object of the operator's, whose lists have items without what Prometheus takes anyway. */
export function withoutUsualItems(object: Manifest): Fields {
	const spec = asObject(object.spec);
	return mapValues(spec, (value, name) => {
		if (name === "alerting")
			return mapValues(asObject(value), (each) =>
				withoutUsual(each, { timeout: "10s" }),
			);
		if (name === "remoteWrite" && Array.isArray(value))
			return value.map((each: unknown) => withPlainWriting(each, object));
		return withoutUsual(value, usualItems[name] ?? {});
	});
}

function withoutUsual(value: unknown, usual: Fields): unknown {
	return Array.isArray(value) && Object.keys(usual).length > 0
		? value.map((each: unknown) => omitUsual(asObject(each), usual))
		: value;
}

/** Fields without those that say what is so anyway. */
export function omitUsual(fields: Fields, usual: Fields): Fields {
	return omitBy(fields, (each, name) =>
		isUsualValue(each, usual[String(name)]),
	);
}

/** Whether a value is the usual one, in whatever form a duration is written; undefined is the usual value of nothing. */
export function isUsualValue(written: unknown, usual: unknown): boolean {
	return typeof written === "string" && typeof usual === "string"
		? plainDuration(written) === plainDuration(usual)
		: usual !== undefined && isEqual(written, usual);
}

/** Metadata is sent by default; what says anything about it has to say that, too. */
function withPlainWriting(item: unknown, object: Manifest): Fields {
	const { queueConfig, metadataConfig, ...fields } = asObject(item);
	const queue = omitUsual(asObject(queueConfig), {
		...usualQueue,
		...(!isOfVersion2(object) && sizesOfQueue),
	});
	const metadata = omitUsual(asObject(metadataConfig), usualMetadata);
	const isUsual =
		metadataConfig === undefined || isEqual(metadata, { send: true });
	return {
		...omitUsual(fields, { remoteTimeout: "30s", messageVersion: "V1.0" }),
		...(!isEqual(queue, {}) && { queueConfig: queue }),
		...(!isUsual && { metadataConfig: metadata }),
	};
}
