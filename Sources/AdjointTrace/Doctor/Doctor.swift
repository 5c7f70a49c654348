/// Looks through a trace for what went wrong in the run. It reads the trace alone, so that it can
/// be asked about a file from another machine.
///
/// A note is only about what is odd; a healthy run has no findings that are errors or warnings.
public struct Doctor: Sendable {
    let document: TraceDocument
    let index: TraceIndex

    /// Prepares what the findings need of `document`; nothing is searched yet.
    public init(_ document: TraceDocument) {
        self.document = document
        index = TraceIndex(document)
    }

    /// The worst first; of equals in the order of events.
    public var findings: [TraceFinding] {
        var all = reportedErrors() + nonFinite() + unreached()
        all += staleGradients() + sums() + lostGradients() + microBatches() + mismatches()
        all += growingGraphs() + largeSaved() + casts()
        return all.enumerated().sorted { a, b in
            let left = a.element.events.first ?? Int.max
            let right = b.element.events.first ?? Int.max
            return (a.element.severity, left, a.offset) < (b.element.severity, right, b.offset)
        }.map(\.element)
    }

    /// A line of the program in a role; nil where it is unknown.
    func place(_ role: String, _ source: TraceSource?, _ detail: String = "") -> TraceFinding.Place?
    {
        guard let source, let line = document.line(source) else { return nil }
        return .init(role: role, line: line, source: source, detail: detail)
    }

    /// " at Model.swift:41", or nothing.
    func at(_ source: TraceSource?) -> String { document.line(source).map { " at \($0)" } ?? "" }

    /// The name of a tensor, as the program or its maker calls it.
    func name(_ tensor: Int) -> String {
        if let name = document.tensor(tensor)?.name { return name }
        if let maker = index.makers[tensor]?.last { return "the result of \(maker.op)" }
        return "tensor \(tensor)"
    }

    /// "a, b and 3 more".
    func list(_ names: [String], _ most: Int = 4) -> String {
        if names.count <= most {
            guard names.count > 1 else { return names.first ?? "" }
            return "\(names.dropLast().joined(separator: ", ")) and \(names.last!)"
        }
        return "\(names.prefix(most).joined(separator: ", ")) and \(names.count - most) more"
    }

    func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension TraceDocument {
    /// What went wrong in the run; see `Doctor`.
    public func findings() -> [TraceFinding] { Doctor(self).findings }
}
