/**
 * The series of one scrape: after Prometheus has been restarted, those of an object that is gone can be queried for five
 * minutes, because nobody has marked their end. The homelab scrapes every 60 s.
 *
 * @param expression selects some of them
 */
export function newestOf(metric: string, expression = metric): string {
	return `${expression} and timestamp(${metric}) > scalar(max(timestamp(${metric}))) - 60`;
}
