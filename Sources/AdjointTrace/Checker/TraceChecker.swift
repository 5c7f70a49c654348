/// Checks what must hold in every trace beyond its schema. What is broken is a mistake of whatever
/// wrote the trace, or a file that somebody has changed.
public struct TraceChecker: Sendable {
    /// What must hold.
    public enum Invariant: String, Sendable, CaseIterable {
        /// A trace begins with its header.
        case header
        /// Indices of events increase.
        case clock
        /// What an id names was written down before it is used.
        case ids
        /// What a gradient is handed on to is there.
        case next
        /// Events of a pass lie between its beginning and its end.
        case runs
        /// A gradient that is handed on is the one that its node gave.
        case edges
        /// What arrives at a node, summed up, is the gradient of its output.
        case sums
        /// A gradient after a contribution is that before it plus the contribution, bit for bit.
        case accumulation
        /// A node runs after all its consumers.
        case order
        /// What a node saved is given back once.
        case freeOnce
        /// What was given back is read no more.
        case freed
        /// The bytes by cause add up, and are held by nodes that have not given them back.
        case memory
    }

    /// One thing that does not hold.
    public struct Violation: Sendable, Hashable, CustomStringConvertible {
        /// What should hold.
        public let invariant: Invariant
        /// The position of the record in the document, from 0.
        public let record: Int
        /// The event's index, where the record is an event.
        public let event: Int?
        /// What was found, and what was expected, in a sentence.
        public let message: String

        /// "record 12 (event 7): sums: ...".
        public var description: String {
            let place = event.map { " (event \($0))" } ?? ""
            return "record \(record)\(place): \(invariant.rawValue): \(message)"
        }
    }

    /// All that does not hold in `document`, in the order of its records.
    public static func check(_ document: TraceDocument) -> [Violation] {
        var checker = TraceChecker(document)
        checker.run()
        return checker.violations.sorted { $0.record < $1.record }
    }

    let document: TraceDocument
    private(set) var violations: [Violation] = []
    private var position = 0
    private var event: Int?
    var tensors: Set<Int> = []
    var nodes: Set<Int> = []
    var scopes: Set<Int> = []
    var files: Set<Int> = []
    var rules: Set<String> = []
    private var clock = -1
    var passes: [Int: Pass] = [:]
    var open: Set<Int> = []
    /// The nodes that have given back what they saved.
    var freed: Set<Int> = []
    var ledger = Ledger()

    /// What one backward pass has brought so far.
    struct Pass {
        var ran: Set<Int> = []
        /// What has arrived at each output of each node.
        var arrived: [Target: [TraceValue]] = [:]
        /// The gradients that each node gave its inputs.
        var given: [Int: [TraceValue]] = [:]
        /// Nodes whose gradients a hook has changed.
        var hooked: Set<Int> = []
    }

    struct Target: Hashable {
        let node: Int
        let output: Int
    }

    private init(_ document: TraceDocument) { self.document = document }

    mutating func fail(_ invariant: Invariant, _ message: String) {
        violations.append(
            Violation(invariant: invariant, record: position, event: event, message: message))
    }

    private mutating func run() {
        for (i, record) in document.records.enumerated() {
            position = i
            event = nil
            if i == 0, record.kind != "header" { fail(.header, "it is no header") }
            switch record {
            case .header: break
            case .rule(let rule): rules.insert(rule.id)
            case .file(let file): files.insert(file.id)
            case .scope(let scope):
                if let parent = scope.parent, !scopes.contains(parent) {
                    fail(.ids, "scope \(scope.id) lies in scope \(parent), which is not there")
                }
                scopes.insert(scope.id)
            case .tensor(let tensor): check(tensor)
            case .node(let node): check(node)
            case .event(let event):
                self.event = event.index
                if event.index <= clock {
                    fail(.clock, "event \(event.index) follows event \(clock)")
                }
                clock = event.index
                check(event)
            }
        }
        for run in open.sorted() { fail(.runs, "pass \(run) does not end") }
    }

    mutating func need(tensor id: Int, _ what: String) {
        if !tensors.contains(id) { fail(.ids, "\(what) names tensor \(id), which is not there") }
    }

    mutating func need(node id: Int, _ what: String) {
        if !nodes.contains(id) { fail(.ids, "\(what) names node \(id), which is not there") }
    }

    mutating func need(_ source: TraceSource?, _ what: String) {
        if let source, !files.contains(source.file) {
            fail(.ids, "\(what) is in file \(source.file), which is not there")
        }
    }

    private mutating func check(_ tensor: TraceTensor) {
        let what = "tensor \(tensor.id)"
        if let base = tensor.viewOf { need(tensor: base, what) }
        // The node that makes a tensor is written down after it.
        if let producer = tensor.producer, document.node(producer.node) == nil {
            fail(.ids, "\(what) is made by node \(producer.node), which is not there")
        }
        need(tensor.src, what)
        tensors.insert(tensor.id)
    }

    private mutating func check(_ node: TraceNode) {
        let what = "node \(node.id)"
        for input in node.inputs { if let id = input.tensor { need(tensor: id, what) } }
        for id in node.outputs { need(tensor: id, what) }
        for saved in node.saved { need(tensor: saved.tensor, what) }
        if let scope = node.scope, !scopes.contains(scope) {
            fail(.ids, "\(what) lies in scope \(scope), which is not there")
        }
        if let rule = node.rule, !rules.contains(rule) {
            fail(.ids, "\(what) follows rule \"\(rule)\", which is not there")
        }
        need(node.src, what)
        for case .some(let target) in node.next {
            switch target {
            case .node(let id, _):
                if !nodes.contains(id) {
                    fail(.next, "\(what) leads to node \(id), which is not there")
                }
            case .leaf(let id):
                if !tensors.contains(id) {
                    fail(.next, "\(what) leads to tensor \(id), which is not there")
                }
            }
        }
        nodes.insert(node.id)
        ledger.save(node, document)
    }
}
