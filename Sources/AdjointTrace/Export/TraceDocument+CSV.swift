extension TraceDocument {
    /// The metrics of a run as CSV (RFC 4180): a line for each step of each metric, `event`,
    /// `step`, `epoch`, `metric`, `value`. NaN and infinities are written and not left out:
    /// `NaN`, `Infinity`, `-Infinity`.
    ///
    /// - Throws: `ExportError` of kind `.nothingToShow` for a trace without metrics.
    public func csv() throws(ExportError) -> String {
        var lines = ["event,step,epoch,metric,value"]
        for event in events {
            guard case .metric(let metric) = event.body else { continue }
            lines.append(
                "\(event.index),\(metric.step),\(metric.epoch.map(Self.number) ?? ""),"
                    + "\(Self.field(metric.name)),\(Self.number(metric.y))")
        }
        if lines.count == 1 {
            throw ExportError(
                .nothingToShow, problem: "the trace has no metrics",
                advice: "record some with metric(name, value, step:) while training")
        }
        return lines.map { "\($0)\r\n" }.joined()
    }

    private static func number(_ value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return ShownValue.number(value)
    }

    /// In quotation marks where the text has a comma, a quotation mark or a line's end.
    static func field(_ text: String) -> String {
        let needsQuotes = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
        return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
