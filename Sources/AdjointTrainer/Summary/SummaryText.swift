import AdjointCore

/// A summary as a table.
enum SummaryText {
    static func table(_ summary: ModelSummary) -> String {
        let total = max(summary.parameters, 1)
        let names = rightPadded(summary.rows.map(\.name))
        let types = rightPadded(summary.rows.map(\.type))
        let columns = [
            rightPadded(["Layer"] + zip(names, types).map { "\($0)  \($1)" }),
            rightPadded(["Output"] + summary.rows.map { $0.outputShape.map { "\($0)" } ?? "-" }),
            leftPadded(["Params"] + summary.rows.map { NumberText.grouped($0.parameters) }),
            leftPadded(
                ["%"]
                    + summary.rows.map {
                        NumberText.percent(Double($0.parameters) / Double(total))
                    }),
            saved(summary.rows),
            leftPadded(["MACs"] + summary.rows.map { NumberText.count($0.macs) }),
            [""] + summary.rows.map(notes),
        ]
        var lines = (0...summary.rows.count).map { i in
            trimmed(columns.map { $0[i] }.joined(separator: "  "))
        }
        lines += summary.ties.map { "tied \($0.name)  shared with \($0.first) (counted once)" }
        lines.append(totals(summary))
        return lines.joined(separator: "\n")
    }

    private static func totals(_ summary: ModelSummary) -> String {
        let (all, trainable) = (summary.parameters, summary.trainableParameters)
        let count =
            all == trainable
            ? "\(NumberText.grouped(all)) trainable"
            : "\(NumberText.grouped(all)), of which \(NumberText.grouped(trainable)) trainable"
        return "Total \(count) · graph holds \(NumberText.bytes(summary.savedBytes)) until backward"
            + " · peak estimate \(NumberText.bytes(summary.peakBytes))"
    }

    /// Bytes, and behind them whether another row holds them already.
    private static func saved(_ rows: [ModelSummary.Row]) -> [String] {
        let numbers = leftPadded(rows.map { NumberText.bytes($0.savedBytes) })
        let marks = rows.map { $0.sharesSaved ? " (shared)" : "" }
        return rightPadded(["Saved for backward"] + zip(numbers, marks).map { "  \($0)\($1)" })
    }

    /// What is not as it usually is.
    private static func notes(_ row: ModelSummary.Row) -> String {
        var notes: [String] = []
        if let dtype = row.dtype, dtype != .float32 { notes.append("\(dtype)") }
        if row.trainableParameters == 0, row.parameters > 0 { notes.append("frozen") }
        if row.trainableParameters > 0, row.trainableParameters < row.parameters {
            notes.append("partly frozen")
        }
        if row.calls > 1 { notes.append("\(row.calls) calls") }
        if row.outputShape == nil { notes.append("not called") }
        return notes.joined(separator: ", ")
    }

    private static func trimmed(_ text: String) -> String {
        String(text.reversed().drop { $0 == " " }.reversed())
    }

    private static func rightPadded(_ texts: [String]) -> [String] {
        let width = texts.map(\.count).max() ?? 0
        return texts.map { $0 + String(repeating: " ", count: width - $0.count) }
    }

    private static func leftPadded(_ texts: [String]) -> [String] {
        let width = texts.map(\.count).max() ?? 0
        return texts.map { String(repeating: " ", count: width - $0.count) + $0 }
    }
}
