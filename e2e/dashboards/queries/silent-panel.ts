import type { Panel } from "./model.ts";
import type { PanelRequest } from "./panel-request.ts";

/** Grafana's own panels that draw what they ask for, and nothing else. */
const draws =
	/^(timeseries|graph|stat|singlestat|gauge|bargauge|table|table-old|barchart|piechart|heatmap|histogram|logs|state-timeline|status-history|trend|xychart|candlestick)$/;

/** Why a panel asks for nothing, and so draws nothing, although it was meant to; undefined if it asks, or need not. */
export function whySilent(
	{ type, targets }: Pick<Panel, "type" | "targets">,
	{ asked, flaws, unchecked, isSilent }: PanelRequest,
): string | undefined {
	if (!draws.test(type) || !isSilent) return undefined;
	if (asked.length + flaws.size + unchecked.length > 0) return undefined;
	return targets.every(({ hide }) => hide)
		? "it draws nothing: each of its queries is switched off"
		: "it draws nothing: it has no query that is written and not switched off";
}
