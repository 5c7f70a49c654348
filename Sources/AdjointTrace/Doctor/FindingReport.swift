/// Findings as text for a terminal: what, where, with the lines themselves where the trace has
/// them, and what to do.
public struct FindingReport: Sendable {
    private let document: TraceDocument
    private let findings: [TraceFinding]
    private let width: Int
    private let usesColor: Bool
    private let usesUnicode: Bool

    /// - Parameters:
    ///   - findings: What is reported.
    ///   - document: The trace that they are about.
    ///   - width: Columns; prose is wrapped to them, at least 40.
    ///   - usesColor: Whether severities have colours.
    ///   - usesUnicode: Characters outside of ASCII may be used in the layout.
    public init(
        _ findings: [TraceFinding], of document: TraceDocument, width: Int = 80,
        usesColor: Bool = false, usesUnicode: Bool = true
    ) {
        self.findings = findings
        self.document = document
        self.width = max(width, 40)
        self.usesColor = usesColor
        self.usesUnicode = usesUnicode
    }

    /// All findings, an empty line between two, and a count at the end.
    public var text: String {
        if findings.isEmpty { return "no findings: \(document.eventCount) events look healthy\n" }
        let counts = TraceFinding.Severity.allCases.compactMap { severity -> String? in
            let count = findings.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }
        return findings.map(text).joined(separator: "\n") + "\n\(counts.joined(separator: ", "))\n"
    }

    private func text(_ finding: TraceFinding) -> String {
        var lines = [
            styled("\(finding.severity.rawValue): ", ink(finding.severity))
                + styled(printable(finding.title), "1")
        ]
        let roles = finding.places.map { printable($0.role).count }.max() ?? 0
        for place in finding.places {
            let role = printable(place.role)
            let detail = place.detail.isEmpty ? "" : "  (\(printable(place.detail)))"
            lines.append(
                "  \(role)\(String(repeating: " ", count: roles - role.count))  at "
                    + styled(printable(place.line), "36") + detail)
            lines += excerpt(place.source)
        }
        lines += wrapped(finding.explanation, first: "  ", rest: "  ")
        lines += wrapped(finding.fix, first: "  fix: ", rest: "       ")
        if !finding.events.isEmpty {
            let events = finding.events.map(String.init).joined(separator: ", ")
            lines.append(styled("  event\(finding.events.count == 1 ? "" : "s") \(events)", "2"))
        }
        return lines.map { "\($0)\n" }.joined()
    }

    /// The line itself, and a caret under the column.
    private func excerpt(_ source: TraceSource) -> [String] {
        guard
            let excerpt = SourceExcerpt(
                source, of: document, width: width - 4, usesUnicode: usesUnicode)
        else { return [] }
        return ["    " + styled(excerpt.line, "2")]
            + (excerpt.caret.map { ["    " + styled($0, "31")] } ?? [])
    }

    private func wrapped(_ text: String, first: String, rest: String) -> [String] {
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in printable(text).split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                (line, isEmpty) = (rest, true)
            }
            line += isEmpty ? String(word) : " \(word)"
            isEmpty = false
        }
        return lines + [line]
    }

    private func ink(_ severity: TraceFinding.Severity) -> String {
        switch severity {
        case .error: "31"
        case .warning: "33"
        case .note: "36"
        }
    }

    private func styled(_ text: String, _ code: String) -> String {
        usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    private func printable(_ text: String) -> String {
        PlainText(usesUnicode: usesUnicode).printable(text)
    }
}

extension TraceFinding {
    /// The finding as a JSON object on one line.
    public var json: [UInt8] {
        JSONLine.object { line in
            line.put("kind", kind.rawValue)
            line.put("severity", severity.rawValue)
            line.put("title", title)
            line.put("explanation", explanation)
            line.put("fix", fix)
            line.put("operation", operation)
            line.put("node", node)
            line.put("tensor", tensor)
            line.put("places", places) { place, bytes in
                bytes += JSONLine.object { line in
                    line.put("role", place.role)
                    line.put("line", place.line)
                    line.put("detail", place.detail)
                    line.put(
                        "src", [place.source.file, place.source.line, place.source.column ?? 0])
                }
            }
            line.put("events", events)
            line.put("affected", affected)
            line.put("count", count)
        }
    }
}
