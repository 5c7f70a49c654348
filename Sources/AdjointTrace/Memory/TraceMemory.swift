/// The bytes that graphs hold for their derivatives, over the events of a trace: each block once,
/// for the operation that saved it first, from its forward until it is freed.
public struct TraceMemory: Sendable {
    /// What bytes are added up by.
    public enum Grouping: String, Sendable, CaseIterable {
        /// The operation that saved: "exp".
        case operation
        /// The line that called it: "Model.swift:12".
        case line
        /// The module whose call made it.
        case module
        /// "exp at Model.swift:12".
        case operationAndLine = "operation-and-line"
    }

    /// One operation, line or module.
    public struct Cause: Sendable, Hashable {
        /// The operation, line or module.
        public var name: String
        /// The bytes that it holds.
        public var bytes: Int
        /// The operations, in the order of their making.
        public var nodes: [Int]
    }

    /// The bytes after an event that changed them.
    public struct Point: Sendable, Hashable {
        /// The event's index.
        public var event: Int
        /// The bytes that graphs hold then.
        public var bytes: Int
    }

    private struct Holding: Sendable {
        var node: Int
        var bytes: Int
        /// The events from which and before which the bytes are held.
        var from: Int
        var until: Int
    }

    /// The curve: a point for each event after which other bytes are held than before.
    public private(set) var points: [Point] = []
    /// Bytes of saved tensors that something else holds too: parameters, inputs, other operations.
    public private(set) var shared = 0
    private var holdings: [Holding] = []
    private let document: TraceDocument

    /// Adds up the bytes of a trace. Graphs that die without a backward pass free nothing by name:
    /// where the trace says what all graphs hold (`mem`), the oldest holdings of an operation end
    /// until they fit that.
    public init(_ document: TraceDocument) {
        self.document = document
        var ledger = Ledger()
        for event in document.events {
            switch event.body {
            case .forward(let e):
                if let node = document.node(e.node) { take(node, event.index, &ledger) }
            case .free(let e): end(e.node, event.index, &ledger)
            case .mem(let e):
                for operation in ledger.nodes.keys.sorted() {
                    fit(operation, e.mem[operation] ?? 0, event.index, &ledger)
                }
            default: break
            }
        }
        // A graph without events holds what it holds.
        if document.eventCount == 0 {
            for node in document.nodes { take(node, 0, &ledger) }
            points = points.suffix(1)
        }
    }

    /// What is held at a moment of the walk.
    private struct Ledger {
        var total = 0
        /// The holding of each node.
        var open: [Int: Int] = [:]
        /// By operation: the nodes that have held, oldest first, and the bytes that are held.
        var nodes: [String: [Int]] = [:]
        var bytes: [String: Int] = [:]
    }

    private mutating func take(_ node: TraceNode, _ event: Int, _ ledger: inout Ledger) {
        let bytes = Self.own(node)
        shared += node.saved.reduce(0) { $0 + ($1.shared == true ? $1.bytes : 0) }
        guard bytes > 0 else { return }
        ledger.open[node.id] = holdings.count
        ledger.nodes[node.op, default: []].append(node.id)
        ledger.bytes[node.op, default: 0] += bytes
        ledger.total += bytes
        holdings.append(Holding(node: node.id, bytes: bytes, from: event, until: .max))
        add(event, ledger.total)
    }

    private mutating func end(_ node: Int, _ event: Int, _ ledger: inout Ledger) {
        guard let holding = ledger.open.removeValue(forKey: node), let op = document.node(node)?.op
        else { return }
        holdings[holding].until = event
        ledger.total -= holdings[holding].bytes
        ledger.bytes[op]! -= holdings[holding].bytes
        add(event, ledger.total)
    }

    private mutating func fit(
        _ operation: String, _ limit: Int, _ event: Int, _ ledger: inout Ledger
    ) {
        if ledger.bytes[operation]! <= limit { return }
        let nodes = ledger.nodes[operation]!
        var done = 0
        while ledger.bytes[operation]! > limit, done < nodes.count {
            end(nodes[done], event, &ledger)
            done += 1
        }
        ledger.nodes[operation] = Array(nodes[done...])
    }

    private mutating func add(_ event: Int, _ bytes: Int) {
        if points.last?.event == event { points.removeLast() }
        points.append(Point(event: event, bytes: bytes))
    }

    private static func own(_ node: TraceNode) -> Int {
        node.saved.reduce(0) { $0 + ($1.shared == true ? 0 : $1.bytes) }
    }

    /// The first point with the most bytes; nil where nothing was ever held.
    public var peak: Point? {
        points.reduce(nil) { best, point in point.bytes > best?.bytes ?? 0 ? point : best }
    }

    /// The bytes held after `event`.
    public func bytes(at event: Int) -> Int {
        points.last { $0.event <= event }?.bytes ?? 0
    }

    /// Who holds the bytes after `event` (nil: at the peak): the largest first, equal ones by name.
    public func causes(at event: Int? = nil, by grouping: Grouping = .operation) -> [Cause] {
        let event = event ?? peak?.event ?? 0
        var causes: [String: Cause] = [:]
        for holding in holdings where holding.from <= event && event < holding.until {
            guard let node = document.node(holding.node) else { continue }
            let name = name(node, grouping)
            causes[name, default: Cause(name: name, bytes: 0, nodes: [])].bytes += holding.bytes
            causes[name]!.nodes.append(node.id)
        }
        return causes.values.sorted { ($1.bytes, $0.name) < ($0.bytes, $1.name) }
    }

    private func name(_ node: TraceNode, _ grouping: Grouping) -> String {
        let line = document.line(node.src)
        switch grouping {
        case .operation: return node.op
        case .line: return line ?? "(line unknown)"
        case .operationAndLine: return line.map { "\(node.op) at \($0)" } ?? node.op
        case .module:
            var names: [String] = []
            var (next, depth) = (node.scope, 0)
            while let id = next, depth < 64, let scope = document.scope(id) {
                if scope.kind == .module {
                    if let path = scope.path { return path }
                    names.append(scope.name)
                }
                (next, depth) = (scope.parent, depth + 1)
            }
            return names.isEmpty ? "(outside modules)" : names.reversed().joined(separator: " > ")
        }
    }
}

extension TraceDocument {
    /// The bytes that graphs held over the events.
    public func memory() -> TraceMemory { TraceMemory(self) }
}
