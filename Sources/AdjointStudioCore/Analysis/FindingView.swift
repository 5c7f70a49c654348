import AdjointTrace

/// A finding of the doctor as the page shows it, with the lines of the program themselves.
struct FindingView: Encodable, Sendable {
    struct Place: Encodable, Sendable {
        var role: String
        /// "Model.swift:41".
        var line: String
        var detail: String
        /// The line's text, where the trace has it.
        var code: String?
    }

    var kind: String
    var severity: String
    var title: String
    var explanation: String
    var fix: String
    var operation: String?
    var node: Int?
    var places: [Place]
    var events: [Int]
    /// The operations that suffer from it, by id.
    var affected: [Int]
    var count: Int

    init(_ finding: TraceFinding, in document: TraceDocument) {
        kind = finding.kind.rawValue
        severity = finding.severity.rawValue
        title = finding.title
        explanation = finding.explanation
        fix = finding.fix
        operation = finding.operation
        node = finding.node
        places = finding.places.map {
            Place(
                role: $0.role, line: $0.line, detail: $0.detail,
                code: document.text(of: $0.source))
        }
        events = finding.events
        affected = Array(finding.affected.prefix(500))
        count = finding.count
    }
}

extension TraceDocument {
    /// The line of the program, without its margins; nil where the trace does not hold its text.
    func text(of source: TraceSource) -> String? {
        guard let text = file(source.file)?.text else { return nil }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard lines.indices.contains(source.line - 1) else { return nil }
        let line = lines[source.line - 1].drop { $0.isWhitespace }
        return String(line.prefix(300))
    }
}
