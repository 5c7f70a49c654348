/// A trace the way its readers ask: who made what, who reads it, and when.
struct TraceIndex: Sendable {
    /// One backward pass.
    struct Pass: Sendable {
        var run: Int
        /// The index of its first event.
        var begin: Int
        var end: Int?
        var failed = false
        var roots: [Int]
        var source: TraceSource?
        /// The nodes whose derivatives ran, in order.
        var nodes: [Int] = []
    }

    /// A tensor that a node reads.
    struct Use: Sendable {
        var node: Int
        var input: Int
    }

    /// Events by their kinds, in order.
    private(set) var passes: [Pass] = []
    private(set) var forward: [Int: Int] = [:]
    /// The nodes that have made each tensor: one, and those that wrote to it in place.
    private(set) var makers: [Int: [TraceNode]] = [:]
    private(set) var uses: [Int: [Use]] = [:]
    /// The nodes whose gradient flows into each node.
    private(set) var consumers: [Int: [Int]] = [:]
    /// The number of backward passes that had begun before each node was made.
    private(set) var round: [Int: Int] = [:]
    private(set) var storages: [Int: Int] = [:]
    /// The position of each pass by its number.
    private var numbers: [Int: Int] = [:]

    init(_ document: TraceDocument) {
        for tensor in document.tensors {
            if let storage = tensor.storage { storages[tensor.id] = storage }
        }
        for node in document.nodes {
            for output in node.outputs { makers[output, default: []].append(node) }
            for (i, input) in node.inputs.enumerated() {
                if let tensor = input.tensor {
                    uses[tensor, default: []].append(Use(node: node.id, input: i))
                }
            }
            for case .node(let target, _)? in node.next {
                consumers[target, default: []].append(node.id)
            }
        }
        for event in document.events {
            switch event.body {
            case .forward(let e):
                forward[e.node] = event.index
                round[e.node] = passes.count
            case .backwardBegin(let e):
                numbers[e.run] = passes.count
                passes.append(
                    Pass(run: e.run, begin: event.index, roots: e.roots, source: e.src))
            case .backwardNode(let e):
                if let number = numbers[e.run] { passes[number].nodes.append(e.node) }
            case .backwardEnd(let e):
                if let number = numbers[e.run] {
                    passes[number].end = event.index
                    passes[number].failed = passes[number].failed || e.failed
                }
            case .error(let e):
                // A pass that an error ended may say nothing of it itself.
                let number = e.run.flatMap { numbers[$0] } ?? passes.indices.last
                if let number, passes[number].end == nil { passes[number].failed = true }
            default: break
            }
        }
    }

    /// The pass number `run`; nil where its beginning is not in the trace.
    func pass(_ run: Int?) -> Pass? { run.flatMap { numbers[$0] }.map { passes[$0] } }

    /// True where two tensors lie in the same memory.
    func shareMemory(_ a: Int, _ b: Int) -> Bool {
        if a == b { return true }
        guard let first = storages[a], let second = storages[b] else { return false }
        return first == second
    }

    /// The node that made a tensor before an event: writes in place make it again.
    func maker(of tensor: Int, before event: Int?) -> TraceNode? {
        makers[tensor]?.last { event == nil || (forward[$0.id] ?? -1) < event! }
    }
}
