import Synchronization

/// What one backward pass knows of one node.
struct PassState {
    /// Consumers that have not delivered yet.
    var pending: Int32 = 0
    /// False where no wanted tensor can be reached.
    var isNeeded = true
    /// True where a gradient is to be handed out here.
    var isTarget = false
    /// The gradient of the first output, summed so far, and those of the others.
    var gradient: Tensor?
    var more: [Tensor?] = []

    mutating func takeAll() -> TensorSlots {
        var slots = TensorSlots(gradient.take())
        for i in more.indices { slots[i + 1] = more[i] }
        more = []
        return slots
    }
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
    let recording: Bool
    private let scope: PassScope
    /// True where nodes of wanted tensors run, for their hooks, though nothing below is wanted.
    private let runsTargets: Bool
    private let errors = Mode.current.errors
    private let debug: Debugging?
    private let observation: (any PassObserver)?
    /// True where a node takes the long way, since somebody looks.
    private let isWatched: Bool
    /// Where this pass was asked for, with debugging on.
    private let trace: Trace?
    // One thread walks, and no access to these lasts across a call of anything that is not here: the
    // checks that they do not overlap cost a tenth of a pass over small tensors.
    @exclusivity(unchecked) private var targets: [Target]
    @exclusivity(unchecked) private var captured: [Tensor?]
    /// Nodes that another pass owns at the same time.
    @exclusivity(unchecked) private var books: [ObjectIdentifier: Book] = [:]
    @exclusivity(unchecked) private var visited: [Unmanaged<Node>] = []
    @exclusivity(unchecked) private var ready = NodeHeap()
    @exclusivity(unchecked) private var arrived: [(sink: AccumulateGrad, gradient: Tensor)] = []
    /// What computed tensors retained so far, for the case that the pass fails.
    @exclusivity(unchecked) private var retained:
        [(state: AutogradState, old: Tensor?, new: Tensor)] = []

    init(
        _ scope: PassScope, keepsGraph: Bool, recording: Bool, targets: [Target],
        runsTargets: Bool
    ) {
        self.scope = scope
        self.runsTargets = runsTargets
        self.keepsGraph = keepsGraph
        self.recording = recording
        self.targets = targets
        captured = [Tensor?](repeating: nil, count: targets.count)
        debug = Mode.current.debug
        observation = scope.observation
        isWatched = debug != nil || scope.observation != nil
        trace = debug == nil ? nil : Trace()
    }

    /// Runs to the end and returns the gradients of the targets. Without targets the leaves get
    /// theirs. The roots keep every node alive meanwhile, so none is counted on the way.
    func run(_ roots: [(edge: Edge, gradient: Tensor)]) throws(TensorError) -> [Tensor?] {
        defer { release() }
        for root in roots { discover(root.edge.node!) }
        if !targets.isEmpty { markNeeded() }
        for root in roots {
            if let observation {
                deliverObserved(
                    observation, root.gradient, to: root.edge.node!, Int(root.edge.index),
                    from: nil, 0)
            } else {
                deliver(root.gradient, to: root.edge.node!, Int(root.edge.index))
            }
        }
        for root in roots {
            // The same root may be named twice.
            let isNew = withState(root.edge.node!) { state in
                defer { if state.pending == 0 { state.pending = -1 } }
                return state.pending == 0
            }
            if isNew { ready.push(.passUnretained(root.edge.node!)) }
        }
        scope.begin(self)
        do throws(TensorError) {
            while let node = ready.pop() { try execute(node.takeUnretainedValue()) }
        } catch {
            takeBack()
            throw error
        }
        for i in arrived.indices {
            let sink = arrived[i].sink
            var gradient: Tensor? = arrived[i].gradient
            arrived[i].gradient = Tangents.none
            sink.accumulate(&gradient, recording: recording, observation)
        }
        return captured
    }

    /// Where an error ends the pass, no gradient shows that it began.
    private func takeBack() {
        for (state, old, new) in retained.reversed() {
            state.updateGrad { slot, _ in
                if slot === new { slot = old }
            }
        }
    }

    func noteRetained(
        _ state: AutogradState, old: Tensor?, new: Tensor, _ node: Node, _ output: Int,
        _ gradient: Tensor
    ) {
        retained.append((state, old, new))
        observation?.willAccumulate(gradient, into: .output(node, output), before: old)
        observation?.didAccumulate(new)
    }

    /// A hook has changed what came to `node`.
    func noteReplaced(_ node: Node) { observation?.didReplaceGradient(of: node) }

    /// What has come to output `i` of `node` so far.
    func gathered(_ node: Node, _ i: Int) -> Tensor? {
        withState(node) { state in
            i == 0 ? state.gradient : i <= state.more.count ? state.more[i - 1] : nil
        }
    }

    /// True where `node` runs, or hands out its gradients.
    func runs(_ node: Node) -> Bool { knows(node) && withState(node) { $0.isNeeded } }

    private func knows(_ node: Node) -> Bool {
        node.passOwner.load(ordering: .relaxed) == id || books[ObjectIdentifier(node)] != nil
    }

    @inline(__always)
    private func withState<R>(_ node: Node, _ body: (inout PassState) -> R) -> R {
        if node.passOwner.load(ordering: .relaxed) == id { return body(&node.pass) }
        return body(&books[ObjectIdentifier(node)]!.state)
    }

    /// True the first time that this pass meets `node`.
    @inline(__always)
    private func enter(_ node: Node) -> Bool {
        let owner = node.passOwner.load(ordering: .relaxed)
        if owner == id { return false }
        // Met before, while another pass owned it: that pass may have ended since.
        if !books.isEmpty, books[ObjectIdentifier(node)] != nil { return false }
        if owner == 0,
            node.passOwner.compareExchange(
                expected: 0, desired: id, ordering: .acquiringAndReleasing
            ).exchanged
        {
            visited.append(.passUnretained(node))
            return true
        }
        books[ObjectIdentifier(node)] = Book()
        visited.append(.passUnretained(node))
        return true
    }

    private func discover(_ root: Node) {
        guard enter(root) else { return }
        var stack = [Unmanaged.passUnretained(root)]
        while let node = stack.popLast() {
            node._withUnsafeGuaranteedRef { node in
                for i in 0..<node.edges.count {
                    guard let reference = node.edges.reference(i).node else { continue }
                    reference._withUnsafeGuaranteedRef { next in
                        if enter(next) { stack.append(reference) }
                        withState(next) { $0.pending += 1 }
                    }
                }
            }
        }
    }

    /// A node is needed where a target lies below it. Edges lead to earlier nodes, so one sweep
    /// from the earliest to the latest settles it.
    private func markNeeded() {
        for target in targets where knows(target.node) {
            withState(target.node) { $0.isTarget = true }
        }
        // Sinks, whose number is the largest, come first: they have no edges.
        let order = visited.map { $0.takeUnretainedValue() }
            .sorted { $0.sequence &+ 1 < $1.sequence &+ 1 }
        for node in order {
            var needed = withState(node) { $0.isTarget }
            for i in 0..<node.edges.count where !needed {
                if let next = node.edges[i].node { needed = withState(next) { $0.isNeeded } }
            }
            withState(node) { $0.isNeeded = needed }
        }
    }

    @inline(__always)
    func deliver(_ gradient: Tensor, to node: Node, _ output: Int) {
        withState(node) { state in
            if output == 0 {
                Tangents.accumulate(gradient, into: &state.gradient, recording)
                return
            }
            while state.more.count < output { state.more.append(nil) }
            Tangents.accumulate(gradient, into: &state.more[output - 1], recording)
        }
    }

    /// Hands the gradient of input `i` of `node` on to the node that made the input, in its shape
    /// and dtype.
    @inline(__always)
    func route(_ gradient: Tensor, from node: Node, _ i: Int) throws(TensorError) {
        let reference = node.edges.reference(i)
        guard let next = reference.node else { return }
        // Held by `node`, so not counted.
        let target = next.takeUnretainedValue()
        let spec = target.outputSpec(Int(reference.index))
        if gradient.sizes == spec.sizes && gradient.dtype == spec.dtype {
            deliver(gradient, to: target, Int(reference.index))
        } else {
            let reduced = try Tangents.reduced(gradient, to: spec, from: node, i)
            deliver(reduced, to: target, Int(reference.index))
        }
    }

    private func execute(_ node: Node) throws(TensorError) {
        let isPlain =
            targets.isEmpty && !isWatched && !node.hasHooks && node.moreOutputs.isEmpty
            && node.passOwner.load(ordering: .relaxed) == id
        if !isPlain { return try executeAny(node) }
        let gradient = node.pass.gradient.take()
        if node.sequence == .max {
            if let gradient { arrive(unsafeDowncast(node, to: AccumulateGrad.self), gradient) }
            return
        }
        if let gradient {
            try node.pull(gradient, node.wanted, recording: recording, into: self)
        } else if node.runsWithoutGradients {
            try pullAll(node, TensorSlots(), node.wanted)
        }
        try finish(node)
    }

    /// The whole protocol: hooks, several outputs, wanted tensors.
    private func executeAny(_ node: Node) throws(TensorError) {
        var gradients = withState(node) { $0.takeAll() }
        if let hooks = node.hooks {
            try hooks.runBefore(&gradients, node, self)
            if let errors, errors.hasFailed { throw TensorError(.autograd, "a hook failed") }
        }
        if let debug { try debug.checkArriving(gradients, node) }
        if !targets.isEmpty {
            if withState(node, { $0.isTarget }) { capture(node, gradients) }
        } else if let sink = node as? AccumulateGrad {
            if let gradient = gradients.take(0) { arrive(sink, gradient) }
            return
        }
        var wanted = node.wanted
        if !targets.isEmpty {
            wanted = .none
            for i in 0..<node.edges.count {
                guard let next = node.edges[i].node else { continue }
                if withState(next, { $0.isNeeded }) { wanted.insert(i) }
            }
        }
        // What lies at the bottom of a search for gradients is not run, and not freed.
        if wanted.bits == 0, !targets.isEmpty, !runsTargets { return }
        if let observation {
            try pullObserved(observation, node, gradients, wanted, debug)
        } else {
            try pullAll(node, gradients, wanted)
        }
        gradients = TensorSlots()
        try finish(node)
        if let observation, !keepsGraph { observation.didFree(node) }
    }

    private func pullAll(_ node: Node, _ gradients: TensorSlots, _ wanted: InputSet)
        throws(TensorError)
    {
        var results = TensorSlots()
        if wanted.bits != 0, gradients.isDefined(node.outputCount) || node.runsWithoutGradients {
            if let debug {
                results = try debug.pull(node, gradients, wanted, recording)
            } else {
                results = try node.pull(gradients, wanted, recording: recording)
            }
        }
        if let hooks = node.hooks { try hooks.runAfter(&results, gradients, node) }
        for i in 0..<node.edges.count where wanted.contains(i) {
            if let gradient = results.take(i) { try route(gradient, from: node, i) }
        }
    }

    /// Frees what the node saved and tells the nodes below that it has delivered.
    @inline(__always)
    private func finish(_ node: Node) throws(TensorError) {
        if let errors, errors.hasFailed { throw TensorError(.autograd, "a derivative failed") }
        if !keepsGraph {
            node.releaseSaved()
            if let trace { node.needNotes().freed = trace }
        }
        for i in 0..<node.edges.count {
            guard let reference = node.edges.reference(i).node else { continue }
            let isReady = reference._withUnsafeGuaranteedRef { next in
                withState(next) { state in
                    state.pending -= 1
                    return state.pending == 0 && state.isNeeded
                }
            }
            if isReady { ready.push(reference) }
        }
    }

    private func capture(_ node: Node, _ gradients: TensorSlots) {
        for (i, target) in targets.enumerated() where target.node === node {
            captured[i] = gradients[target.output]?.unmarked
        }
    }

    /// A leaf whose hook takes the gradient away gets it at once; the others at the end.
    private func arrive(_ sink: AccumulateGrad, _ gradient: consuming Tensor) {
        if sink.hooks?.hasPostAccumulate == true {
            var held: Tensor? = gradient
            sink.accumulate(&held, recording: recording, observation)
        } else {
            arrived.append((sink, gradient))
        }
    }

    private func release() {
        for reference in visited {
            reference._withUnsafeGuaranteedRef { node in
                if node.passOwner.load(ordering: .relaxed) == id {
                    node.pass = PassState()
                    node.passOwner.store(0, ordering: .releasing)
                }
            }
        }
        visited.removeAll()
        books.removeAll()
    }
}

/// Nodes that are ready, the latest made on top.
private struct NodeHeap {
    private var nodes: [(sequence: UInt64, node: Unmanaged<Node>)] = []

    mutating func push(_ node: Unmanaged<Node>) {
        nodes.append((node._withUnsafeGuaranteedRef { $0.sequence }, node))
        var i = nodes.count - 1
        while i > 0, nodes[(i - 1) / 2].sequence < nodes[i].sequence {
            nodes.swapAt(i, (i - 1) / 2)
            i = (i - 1) / 2
        }
    }

    mutating func pop() -> Unmanaged<Node>? {
        if nodes.count <= 1 { return nodes.popLast()?.node }
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
            if largest == i { return top.node }
            nodes.swapAt(i, largest)
            i = largest
        }
    }
}
