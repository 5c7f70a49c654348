import AdjointTrace

/// Two traces side by side, as the page shows them.
struct ComparisonView: Encodable, Sendable {
    struct Side: Encodable, Sendable {
        var id: String
        var title: String
        var library: String
        var events: Int
    }

    struct Node: Encodable, Sendable {
        var id: Int
        var op: String
        var line: String?
    }

    /// An operation of one trace beside that of the other; nil where there is none.
    struct Row: Encodable, Sendable {
        var a: Node?
        var b: Node?
        /// What differs, in words.
        var words: [String]
    }

    struct Difference: Encodable, Sendable {
        var kind: String
        var words: String
        var nodes: [Int?]
        var events: [Int?]
        var distance: Double?
    }

    var a: Side
    var b: Side
    var isEqual: Bool
    var operations: Int
    var passes: Int
    var gradients: Int
    var differences: [Difference]
    var rows: [Row]
    /// How many rows are left out.
    var left: Int

    private static let rowLimit = 1000

    init(_ a: (id: String, document: TraceDocument), _ b: (id: String, document: TraceDocument)) {
        let diff = TraceDiff(a.document, b.document)
        self.a = Self.side(a.id, a.document)
        self.b = Self.side(b.id, b.document)
        isEqual = diff.isEmpty
        operations = diff.pairs.count { $0.first != nil && $0.second != nil }
        passes = diff.comparedPasses
        gradients = diff.comparedGradients
        differences = diff.differences.prefix(Self.rowLimit).map {
            Difference(
                kind: $0.kind.rawValue, words: $0.words, nodes: $0.nodes, events: $0.events,
                distance: $0.distance)
        }
        var words: [[Int?]: [String]] = [:]
        for difference in diff.differences where difference.nodes.count == 2 {
            words[difference.nodes, default: []].append(difference.words)
        }
        rows = diff.pairs.prefix(Self.rowLimit).map { pair in
            Row(
                a: Self.node(pair.first, a.document), b: Self.node(pair.second, b.document),
                words: words[[pair.first, pair.second]] ?? [])
        }
        left = diff.pairs.count - rows.count
    }

    private static func side(_ id: String, _ document: TraceDocument) -> Side {
        Side(
            id: id, title: document.header?.title ?? id, library: document.header?.library ?? "",
            events: document.eventCount)
    }

    private static func node(_ id: Int?, _ document: TraceDocument) -> Node? {
        guard let id, let node = document.node(id) else { return nil }
        return Node(id: id, op: node.op, line: document.line(node.src))
    }
}
