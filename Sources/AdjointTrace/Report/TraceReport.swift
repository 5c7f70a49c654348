/// Views of a trace as text: what is in it, its events, and one moment of it.
public struct TraceReport: Sendable {
    private let document: TraceDocument
    private let width: Int
    private let usesUnicode: Bool
    private let plain: PlainText

    /// - Parameters:
    ///   - document: The trace.
    ///   - width: Columns, at least 40.
    ///   - usesUnicode: Characters outside of ASCII may be used.
    public init(_ document: TraceDocument, width: Int = 80, usesUnicode: Bool = true) {
        self.document = document
        self.width = max(width, 40)
        self.usesUnicode = usesUnicode
        plain = PlainText(usesUnicode: usesUnicode)
    }

    /// An event on a line: its index, its words, its place.
    public func line(_ event: TraceEvent) -> String {
        let place = document.line(document.source(of: event)).map { "  \($0)" } ?? ""
        let index = String(event.index)
        let words = document.words(for: event)
        return plain.printable(
            String(repeating: " ", count: max(6 - index.count, 0)) + "\(index)  \(words)\(place)")
    }

    /// The event whose index is `index`: its words, its line, and what it says of its node.
    /// Nil where there is none.
    public func moment(at index: Int) -> String? {
        guard let event = document.event(index) else { return nil }
        let last = document.event(at: document.eventCount - 1)?.index ?? index
        var lines = ["event \(index) of \(last): \(document.words(for: event))"]
        if let source = document.source(of: event), let place = document.line(source) {
            lines.append("  at \(place)")
            if let excerpt = SourceExcerpt(
                source, of: document, width: width - 4, usesUnicode: usesUnicode)
            {
                lines.append("    \(excerpt.line)")
                if let caret = excerpt.caret { lines.append("    \(caret)") }
            }
        }
        if case .backwardNode(let e) = event.body { lines += derivative(e) }
        return lines.map(plain.printable).map { "\($0)\n" }.joined()
    }

    /// Formula, numbers and result for each input.
    private func derivative(_ e: TraceEvent.BackwardNode) -> [String] {
        let rule = document.node(e.node).flatMap { $0.rule ?? $0.op }.flatMap { document.rule($0) }
        return e.gradIn.enumerated().compactMap { i, gradient in
            guard let value = ShownValue.text(gradient) else { return nil }
            var words = "  input \(i): "
            if let rule, rule.local.indices.contains(i), let local = rule.local[i] {
                words += "\(local)"
                if e.local.indices.contains(i), let found = e.local[i] {
                    words += " = \(found.text)"
                }
                words += ", gradient "
            }
            return words + value
        }
    }

    /// What is in the trace, in a screen of text.
    public var summary: String {
        var lines = [facts]
        let passes = document.events.count { $0.kind == .backwardBegin }
        let leaves = document.tensors.filter { $0.leaf && $0.requiresGrad }
        lines.append(
            "  \(counted(document.nodes.count, "operation")), \(counted(passes, "backward pass", "es")), "
                + "\(counted(document.eventCount, "event")), \(counted(leaves.count, "leaf with a gradient", "", "leaves with gradients"))"
        )
        if let peak = document.memory().peak {
            lines.append(
                "  graphs hold \(ShownValue.bytes(peak.bytes)) at most, after event \(peak.event)")
        }
        let operations = Dictionary(grouping: document.nodes, by: \.op).mapValues(\.count)
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        if !operations.isEmpty {
            let names = operations.prefix(8).map { "\($0.key) \($0.value)" }
            let more = operations.count > 8 ? " and \(operations.count - 8) more" : ""
            lines.append("  operations: \(names.joined(separator: ", "))\(more)")
        }
        for (name, values) in metrics {
            lines.append(
                "  \(name): \(ShownValue.number(values.first!)) to \(ShownValue.number(values.last!)) "
                    + "in \(counted(values.count, "value"))")
        }
        for (kind, count) in (document.header?.dropped ?? [:]).sorted(by: { $0.key < $1.key }) {
            lines.append("  \(counted(count, "record")) of kind \(kind) dropped by limits")
        }
        if let problem = document.problem { lines.append("  reading ended early: \(problem)") }
        if document.skipped > 0 {
            lines.append("  \(counted(document.skipped, "record")) of unknown kinds passed over")
        }
        return lines.map(plain.printable).map { "\($0)\n" }.joined()
    }

    private var facts: String {
        guard let header = document.header else { return "a trace without a header" }
        let library = "\(header.library)\(header.libraryVersion.map { " \($0)" } ?? "")"
        return "\(header.title ?? "a trace"), by \(library)"
            + (header.created.map { ", \($0)" } ?? "")
    }

    private var metrics: [(name: String, values: [Double])] {
        var values: [String: [Double]] = [:]
        for event in document.events {
            if case .metric(let e) = event.body { values[e.name, default: []].append(e.y) }
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func counted(
        _ count: Int, _ noun: String, _ ending: String = "s", _ plural: String? = nil
    ) -> String { "\(count) \(count == 1 ? noun : plural ?? noun + ending)" }

    /// The summary as a JSON object.
    public var summaryJSON: [UInt8] {
        let peak = document.memory().peak
        return JSONLine.object { line in
            line.put("title", document.header?.title)
            line.put("library", document.header?.library)
            line.put("operations", document.nodes.count)
            line.put("tensors", document.tensors.count)
            line.put("events", document.eventCount)
            line.put(
                "kinds",
                Dictionary(grouping: document.events, by: \.kind.rawValue).mapValues(\.count))
            line.put("peakBytes", peak?.bytes)
            line.put("peakEvent", peak?.event)
            line.put("metrics", metrics) { metric, bytes in
                bytes += JSONLine.object { line in
                    line.put("name", metric.name)
                    line.put("count", metric.values.count)
                    line.put("last", metric.values.last)
                }
            }
            line.put("skipped", document.skipped)
            line.put("problem", document.problem?.description)
        }
    }
}
