import Synchronization

/// What one backward pass knows of one node.
struct PassState {
    /// Consumers that have not delivered yet.
    var pending: Int32 = 0
    /// False where no wanted tensor can be reached.
    var isNeeded = true
    /// The gradients of the node's outputs, summed so far.
    var gradients = TensorSlots()
    /// True where a gradient is to be handed out here.
    var isTarget = false
}

/// One walk from the roots to the leaves.
///
/// A node runs when all its consumers have delivered; among those that are ready the latest made
/// runs first, so the order, and with it every rounding, is the same each time. What arrives at
/// the leaves is gathered and added to their gradients at the end: an error on the way leaves
/// them as they were.
final class BackwardPass {
    private final class Book { var state = PassState() }

    struct Target {
        let node: Node
        let output: Int
    }

    private static let begun = Atomic<UInt64>(0)
    private let id = BackwardPass.begun.add(1, ordering: .relaxed).newValue
    private let keepsGraph: Bool
    private let recording: Bool
    private var targets: [Target]
    private var captured: [Tensor?]
    /// Nodes that another pass owns at the same time.
    private var books: [ObjectIdentifier: Book] = [:]
    private var visited: [Node] = []
    private var ready = NodeHeap()
    private var arrived: [(sink: AccumulateGrad, gradient: Tensor)] = []

    init(keepsGraph: Bool, recording: Bool, targets: [Target]) {
        self.keepsGraph = keepsGraph
        self.recording = recording
        self.targets = targets
        captured = [Tensor?](repeating: nil, count: targets.count)
    }

    /// Runs to the end and returns the gradients of the targets. Without targets the leaves get
    /// theirs.
    func run(_ roots: [(edge: Edge, gradient: Tensor)]) throws(TensorError) -> [Tensor?] {
        defer { release() }
        for root in roots { discover(root.edge.node!) }
        if !targets.isEmpty { markNeeded() }
        for root in roots {
            deliver(root.gradient, to: root.edge.node!, Int(root.edge.index))
        }
        for root in roots where withState(root.edge.node!, { $0.pending }) == 0 {
            // The same root may be named twice.
            let isNew = withState(root.edge.node!) { state in
                defer { state.pending = -1 }
                return state.pending == 0
            }
            if isNew { ready.push(root.edge.node!) }
        }
        while let node = ready.pop() { try execute(node) }
        for i in arrived.indices {
            let sink = arrived[i].sink
            var gradient: Tensor? = arrived[i].gradient
            arrived[i].gradient = Tangents.none
            sink.accumulate(gradient.take()!, recording: recording)
        }
        return captured
    }

    @inline(__always)
    private func withState<R>(_ node: Node, _ body: (inout PassState) -> R) -> R {
        if node.passOwner.load(ordering: .relaxed) == id { return body(&node.pass) }
        return body(&books[ObjectIdentifier(node)]!.state)
    }

    /// True the first time that this pass meets `node`.
    @inline(__always)
    private func enter(_ node: Node) -> Bool {
        let (won, owner) = node.passOwner.compareExchange(
            expected: 0, desired: id, ordering: .acquiringAndReleasing)
        if won {
            visited.append(node)
            return true
        }
        if owner == id || books[ObjectIdentifier(node)] != nil { return false }
        books[ObjectIdentifier(node)] = Book()
        visited.append(node)
        return true
    }

    private func discover(_ root: Node) {
        guard enter(root) else { return }
        var stack = [root]
        while let node = stack.popLast() {
            for i in 0..<node.edges.count {
                guard let next = node.edges[i].node else { continue }
                if enter(next) { stack.append(next) }
                withState(next) { $0.pending += 1 }
            }
        }
    }

    /// A node is needed where a target lies below it. Edges lead to earlier nodes, so one sweep
    /// from the earliest to the latest settles it.
    private func markNeeded() {
        for target in targets
        where target.node.passOwner.load(ordering: .relaxed) == id
            || books[ObjectIdentifier(target.node)] != nil
        {
            withState(target.node) { $0.isTarget = true }
        }
        let order = visited.sorted {
            ($0.sequence &+ 1, $0.edges.count) < ($1.sequence &+ 1, $1.edges.count)
        }
        for node in order {
            var needed = withState(node) { $0.isTarget }
            for i in 0..<node.edges.count where !needed {
                if let next = node.edges[i].node { needed = withState(next) { $0.isNeeded } }
            }
            withState(node) { $0.isNeeded = needed }
        }
    }

    private func deliver(_ gradient: Tensor, to node: Node, _ output: Int) {
        withState(node) { state in
            switch output {
            case 0: Tangents.accumulate(gradient, into: &state.gradients.a, recording)
            case 1: Tangents.accumulate(gradient, into: &state.gradients.b, recording)
            case 2: Tangents.accumulate(gradient, into: &state.gradients.c, recording)
            default:
                var sum = state.gradients.take(output)
                Tangents.accumulate(gradient, into: &sum, recording)
                state.gradients[output] = sum
            }
        }
    }

    private func execute(_ node: Node) throws(TensorError) {
        var gradients = withState(node) { state in
            defer { state.gradients = TensorSlots() }
            return state.gradients
        }
        if let hooks = node.hooks { try hooks.runBefore(&gradients, node, recording: recording) }
        if !targets.isEmpty {
            if withState(node, { $0.isTarget }) { capture(node, gradients) }
        } else if let sink = node as? AccumulateGrad {
            if let gradient = gradients.take(0) { arrive(sink, gradient) }
            return
        }
        var wanted = InputSet.none
        for i in 0..<node.edges.count {
            guard let next = node.edges[i].node else { continue }
            if targets.isEmpty || withState(next, { $0.isNeeded }) { wanted.insert(i) }
        }
        var results = TensorSlots()
        if wanted.bits != 0, gradients.isDefined(node.outputCount) || node.runsWithoutGradients {
            results = try node.pull(gradients, wanted, recording: recording)
            if Mode.current.isFailing { throw TensorError(.autograd, "a derivative failed") }
        }
        if let hooks = node.hooks { hooks.runAfter(&results, gradients, node) }
        if !keepsGraph { node.releaseSaved() }
        gradients = TensorSlots()
        for i in 0..<node.edges.count {
            let edge = node.edges[i]
            guard let next = edge.node else { continue }
            if let gradient = results.take(i), wanted.contains(i) {
                let spec = next.outputSpec(Int(edge.index))
                let fitted = try Tangents.reduced(gradient, to: spec, node)
                deliver(fitted, to: next, Int(edge.index))
            }
            let isReady = withState(next) { state in
                state.pending -= 1
                return state.pending == 0 && state.isNeeded
            }
            if isReady { ready.push(next) }
        }
    }

    private func capture(_ node: Node, _ gradients: TensorSlots) {
        for (i, target) in targets.enumerated() where target.node === node {
            captured[i] = gradients[target.output]?.unmarked
        }
    }

    /// A leaf whose hook takes the gradient away gets it at once; the others at the end.
    private func arrive(_ sink: AccumulateGrad, _ gradient: Tensor) {
        if sink.hooks?.hasPostAccumulate == true {
            sink.accumulate(gradient, recording: recording)
        } else {
            arrived.append((sink, gradient))
        }
    }

    private func release() {
        for node in visited where node.passOwner.load(ordering: .relaxed) == id {
            node.pass = PassState()
            node.passOwner.store(0, ordering: .releasing)
        }
        visited.removeAll()
        books.removeAll()
    }
}

/// Nodes that are ready, the latest made on top.
private struct NodeHeap {
    private var nodes: [Node] = []

    mutating func push(_ node: Node) {
        nodes.append(node)
        var i = nodes.count - 1
        while i > 0, nodes[(i - 1) / 2].sequence < nodes[i].sequence {
            nodes.swapAt(i, (i - 1) / 2)
            i = (i - 1) / 2
        }
    }

    mutating func pop() -> Node? {
        if nodes.count <= 1 { return nodes.popLast() }
        nodes.swapAt(0, nodes.count - 1)
        let top = nodes.removeLast()
        var i = 0
        while true {
            let (left, right) = (2 * i + 1, 2 * i + 2)
            var largest = i
            if left < nodes.count, nodes[left].sequence > nodes[largest].sequence { largest = left }
            if right < nodes.count, nodes[right].sequence > nodes[largest].sequence {
                largest = right
            }
            if largest == i { return top }
            nodes.swapAt(i, largest)
            i = largest
        }
    }
}
