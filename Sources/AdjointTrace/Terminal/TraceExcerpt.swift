import AdjointData

/// A mistake as compilers show theirs: what it is, the lines that led to it, and the source with a
/// caret where it can be read.
///
///     error: a tensor needed for backward was changed in place
///       saved by   exp      at Model.swift:41   (version 0)
///       changed by add_     at Model.swift:44   (version 1)
///       44 |     h.add_(1)
///          |       ^ write out of place, or clone() the tensor before line 41
public struct TraceExcerpt: Sendable {
    private let document: TraceDocument

    public init(_ document: TraceDocument) { self.document = document }

    /// All errors and first NaNs and infinities of the trace, in their order.
    public func texts(_ capabilities: TerminalCapabilities) -> [String] {
        document.events.compactMap { text(of: $0, capabilities) }
    }

    /// The excerpt for an `error` or `anomaly` event; nil for others.
    public func text(of event: TraceEvent, _ capabilities: TerminalCapabilities) -> String? {
        switch event.body {
        case .error(let e):
            switch e.kind {
            case "inplace-clash": clash(e, capabilities)
            case "backward-twice": twice(e, capabilities)
            default: other(e, capabilities)
            }
        case .anomaly(let e): anomaly(e, capabilities)
        default: nil
        }
    }

    private struct Row {
        let role: String
        let what: String
        let src: TraceSource?
        let note: String
    }

    private func clash(_ e: TraceEvent.Failure, _ capabilities: TerminalCapabilities) -> String {
        let saver = e.node.flatMap { document.node($0) }
        var rows = [
            Row(
                role: "saved by", what: saver?.op ?? "a node", src: saver?.src,
                note: e.expected.map { "(version \($0))" } ?? "")
        ]
        var write: TraceEvent.InPlace?
        if let cause = e.cause, case .inplace(let found)? = document.event(cause)?.body {
            write = found
            rows.append(
                Row(
                    role: "changed by", what: found.name ?? "a write", src: found.src,
                    note: "(version \(found.versionAfter))"))
        }
        let before = saver?.src.map { " before line \($0.line)" } ?? ""
        return excerpt(
            "a tensor needed for backward was changed in place", rows,
            at: write?.src ?? saver?.src, word: write?.name ?? saver?.op,
            hint: "write out of place, or clone() the tensor\(before)", capabilities)
    }

    private func twice(_ e: TraceEvent.Failure, _ capabilities: TerminalCapabilities) -> String {
        let node = e.node.flatMap { document.node($0) }
        var rows = [
            Row(
                role: "needed by", what: node?.gradFn ?? node?.op ?? "a node", src: node?.src,
                note: "")
        ]
        if let cause = e.cause, let run = document.event(cause)?.run {
            let begin = document.events.first { $0.kind == .backwardBegin && $0.run == run }
            rows.append(
                Row(role: "freed by", what: "backward", src: begin?.src, note: "(event \(cause))"))
        }
        return excerpt(
            "what backward needs was given back by an earlier pass", rows, at: e.src ?? node?.src,
            word: "backward",
            hint: "say retainGraph: true in the first pass, or compute the result again",
            capabilities)
    }

    private func anomaly(_ e: TraceEvent.Anomaly, _ capabilities: TerminalCapabilities) -> String {
        let node = e.node.flatMap { document.node($0) }
        let name = e.kind == "nan" ? "NaN" : "infinity"
        let isBackward = e.phase == .backward
        let count = e.count.map { "(\($0) of its elements, the first at \(e.index))" } ?? ""
        var rows = [
            Row(
                role: "made by", what: (isBackward ? node?.gradFn : node?.op) ?? "a node",
                src: node?.src, note: count)
        ]
        for (i, input) in (node?.inputs ?? []).enumerated() {
            guard let value = input.tensor.flatMap({ document.tensor($0)?.value }) else { continue }
            rows.append(
                Row(
                    role: input.arg ?? RecorderState.name(i), what: value.short, src: nil, note: "")
            )
        }
        let hint =
            isBackward
            ? "keep the operand away from the edge, or choose the safe branch before this line"
            : "keep the operand inside the domain: clamp it, or use where before this line"
        return excerpt(
            "the first \(name) of the \(e.phase.rawValue) pass was made here", rows, at: node?.src,
            word: node?.op, hint: hint, capabilities)
    }

    private func other(_ e: TraceEvent.Failure, _ capabilities: TerminalCapabilities) -> String {
        let node = e.node.flatMap { document.node($0) }
        return excerpt(
            e.message, [], at: e.src ?? node?.src, word: node?.op, hint: e.hint ?? "here",
            capabilities)
    }

    private func excerpt(
        _ title: String, _ rows: [Row], at source: TraceSource?, word: String?, hint: String,
        _ capabilities: TerminalCapabilities
    ) -> String {
        var lines: [String] = []
        var head = StyledLine()
        head.add("error: ", .red)
        head.add(title, .bold)
        // The message itself is never cut.
        var wide = capabilities
        wide.width = max(capabilities.width, 4096)
        lines.append(head.text(wide))
        let widths = (
            rows.map(\.role.count).max() ?? 0, rows.map(\.what.count).max() ?? 0,
            rows.compactMap { document.line($0.src)?.count }.max() ?? 0
        )
        for row in rows {
            var line =
                "  \(Terminal.padded(row.role, widths.0)) \(Terminal.padded(row.what, widths.1))"
            if let place = document.line(row.src) {
                line += "  at \(Terminal.padded(place, widths.2))"
            } else if !row.note.isEmpty, widths.2 > 0 {
                line += Terminal.padded("", widths.2 + 5)
            }
            line += row.note.isEmpty ? "" : "   \(row.note)"
            while line.hasSuffix(" ") { line.removeLast() }
            lines.append(Terminal.printable(line))
        }
        lines += caret(source, word, hint, capabilities)
        return lines.joined(separator: "\n")
    }

    /// The line itself, and below it a sign at the word that it is about.
    private func caret(
        _ source: TraceSource?, _ word: String?, _ hint: String,
        _ capabilities: TerminalCapabilities
    ) -> [String] {
        guard let source, let text = sourceLine(source) else { return ["  hint: \(hint)"] }
        let shown = Terminal.printable(text.replacing("\t", with: "    "))
        let number = "\(source.line)"
        var column = shown.prefix { $0 == " " }.count
        if let word, let range = shown.firstRange(of: word) {
            column = shown.distance(from: shown.startIndex, to: range.lowerBound)
        } else if let given = source.column, given > 0, given <= shown.count {
            column = given - 1
        }
        let margin = String(repeating: " ", count: number.count)
        var mark = StyledLine()
        mark.add("  \(margin) | " + String(repeating: " ", count: column))
        mark.add("^ \(hint)", .red)
        var wide = capabilities
        wide.width = max(capabilities.width, 400)
        return ["  \(number) | \(shown)", mark.text(wide)]
    }

    /// The text of a line: from the trace, or from the file where it is.
    private func sourceLine(_ source: TraceSource) -> String? {
        guard let file = document.file(source.file) else { return nil }
        var text = file.text
        if text == nil, let bytes = try? FileBytes.read(file.path), bytes.count <= 1 << 20 {
            text = String(validating: bytes, as: UTF8.self)
        }
        guard let text else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return source.line <= lines.count ? String(lines[source.line - 1]) : nil
    }
}
