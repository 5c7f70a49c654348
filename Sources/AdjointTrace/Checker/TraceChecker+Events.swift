extension TraceChecker {
    mutating func check(_ event: TraceEvent) {
        let what = "the event"
        if let node = event.node { need(node: node, what) }
        if let tensor = event.tensor { need(tensor: tensor, what) }
        need(event.src, what)
        switch event.body {
        case .backwardBegin(let e): begin(e)
        case .backwardNode(let e): run(e)
        case .edge(let e): hand(e)
        case .accumulate(let e): accumulate(e)
        case .free(let e): free(e)
        case .backwardEnd(let e):
            if open.remove(e.run) == nil { fail(.runs, "pass \(e.run) has not begun") }
            passes[e.run] = nil
        case .mem(let e):
            if e.mem.values.reduce(0, +) != e.bytes {
                fail(
                    .memory,
                    "the bytes by cause add up to \(e.mem.values.reduce(0, +)), not \(e.bytes)")
            }
            for (cause, bytes) in e.mem.sorted(by: { $0.key < $1.key }) {
                let held = ledger.held[cause] ?? 0
                if bytes < 0 || bytes > held {
                    fail(.memory, "\(cause) is said to hold \(bytes) bytes, and holds \(held)")
                }
            }
        case .note(let e):
            if let node = e.node { for run in open { passes[run]?.hooked.insert(node) } }
        case .error(let e):
            if let cause = e.cause, document.event(cause) == nil {
                fail(.ids, "it names event \(cause) as its cause, which is not there")
            }
        default: break
        }
    }

    private mutating func begin(_ e: TraceEvent.BackwardBegin) {
        if !open.insert(e.run).inserted { fail(.runs, "pass \(e.run) begins twice") }
        var pass = Pass()
        for (i, root) in e.roots.enumerated() {
            need(tensor: root, "a root")
            // What made the tensor then: a write in place gives it another history.
            guard let producer = document.tensor(root)?.producer, i < e.gradOut.count else {
                continue
            }
            pass.arrived[Target(node: producer.node, output: producer.output), default: []]
                .append(e.gradOut[i])
        }
        passes[e.run] = pass
    }

    private mutating func run(_ e: TraceEvent.BackwardNode) {
        guard var pass = passes[e.run] else {
            return fail(.runs, "node \(e.node) runs in pass \(e.run), which is not open")
        }
        guard let node = document.node(e.node) else { return }
        if !pass.ran.insert(e.node).inserted { fail(.order, "node \(e.node) runs twice in a pass") }
        for case .node(let id, _)? in node.next where pass.ran.contains(id) && id != e.node {
            fail(.order, "node \(e.node) runs after node \(id), which it hands its gradient to")
        }
        if freed.contains(e.node), !node.saved.isEmpty {
            fail(.freed, "node \(e.node) runs, and has given back what it saved")
        }
        if !pass.hooked.contains(e.node) { checkSums(e, node, pass) }
        pass.given[e.node] = e.gradIn
        passes[e.run] = pass
    }

    private mutating func checkSums(
        _ e: TraceEvent.BackwardNode, _ node: TraceNode, _ pass: Pass
    ) {
        for (output, gradient) in e.gradOut.enumerated() {
            let arrived = pass.arrived[Target(node: e.node, output: output)] ?? []
            if case .none(.undefinedGrad) = gradient {
                if !arrived.isEmpty {
                    fail(.sums, "a gradient has arrived at node \(e.node), and it has none")
                }
                continue
            }
            guard let whole = gradient.elements else { continue }
            // A root that a write in place has changed since may be of another node.
            if arrived.isEmpty { continue }
            let parts = arrived.compactMap(\.elements)
            guard parts.count == arrived.count else { continue }
            let dtype =
                output < node.outputs.count
                ? document.tensor(node.outputs[output])?.dtype : parts.count == 1 ? "float64" : nil
            guard let dtype, let sum = ExactSum.of(parts, dtype) else { continue }
            if !ExactSum.areSame(sum, whole) {
                fail(
                    .sums,
                    "what arrives at output \(output) of node \(e.node) adds up to \(sum), and its "
                        + "gradient is \(whole)")
            }
        }
    }

    private mutating func hand(_ e: TraceEvent.Edge) {
        guard var pass = passes[e.run] else {
            return fail(.runs, "a gradient is handed on in pass \(e.run), which is not open")
        }
        checkGiven(e.value, e.from, e.input, pass)
        if let input = e.input, let next = document.node(e.from)?.next, !next.isEmpty {
            if input >= next.count || next[input] != e.to {
                fail(.edges, "input \(input) of node \(e.from) does not lead there")
            }
        }
        if case .node(let node, let output) = e.to {
            need(node: node, "an edge")
            pass.arrived[Target(node: node, output: output), default: []].append(e.value)
        }
        passes[e.run] = pass
    }

    /// A gradient on its way is one that its node gave.
    private mutating func checkGiven(
        _ value: TraceValue, _ from: Int, _ input: Int?, _ pass: Pass
    ) {
        guard let given = pass.given[from] else {
            return fail(.edges, "a gradient comes from node \(from), which has not run")
        }
        let isGiven =
            if let input { input < given.count && given[input] == value } else {
                given.contains(value)
            }
        if !isGiven {
            fail(.edges, "the gradient that comes from node \(from) is not one that it gave")
        }
    }

    private mutating func accumulate(_ e: TraceEvent.Accumulate) {
        if let run = e.run {
            guard let pass = passes[run] else {
                return fail(.runs, "a gradient changes in pass \(run), which is not open")
            }
            if let from = e.from { checkGiven(e.incoming, from, e.input, pass) }
        }
        if case .none(.notComputed) = e.before {
            if e.mode != .assign { fail(.accumulation, "there was no gradient to add to") }
            if e.after != e.incoming {
                fail(.accumulation, "the first gradient is not what has come in")
            }
            return
        }
        if e.mode != .add { fail(.accumulation, "there was a gradient, and it was not added to") }
        guard let before = e.before.elements, let incoming = e.incoming.elements,
            let after = e.after.elements, let dtype = document.tensor(e.tensor)?.dtype
        else { return }
        // A leaf of few bits may keep its gradient in more.
        let dtypes = dtype == "float64" ? [dtype] : [dtype, "float32"]
        let holds = dtypes.contains { dtype in
            ExactSum.of([before, incoming], dtype).map { ExactSum.areSame($0, after) } ?? false
        }
        if !holds {
            fail(.accumulation, "\(before) + \(incoming) is not \(after) in \(dtype)")
        }
    }

    private mutating func free(_ e: TraceEvent.Free) {
        if !freed.insert(e.node).inserted {
            fail(.freeOnce, "node \(e.node) gives back twice what it saved")
        }
        if document.node(e.node)?.saved.isEmpty == true {
            fail(.freeOnce, "node \(e.node) gives back, and has saved nothing")
        }
        ledger.free(e.node)
    }
}

extension TraceChecker {
    /// The bytes that nodes hold, by the operation that saved each block first.
    struct Ledger {
        private(set) var held: [String: Int] = [:]
        private var blocks: [Int: (holders: Int, cause: String, bytes: Int)] = [:]
        private var storages: [Int: [Int]] = [:]

        mutating func save(_ node: TraceNode, _ document: TraceDocument) {
            for saved in node.saved {
                // Without a number each tensor is a block of its own.
                let block = document.tensor(saved.tensor)?.storage ?? -1 - saved.tensor
                storages[node.id, default: []].append(block)
                if blocks[block] != nil {
                    blocks[block]!.holders += 1
                    continue
                }
                let bytes = saved.shared == true ? 0 : saved.bytes
                blocks[block] = (1, node.op, bytes)
                held[node.op, default: 0] += bytes
            }
        }

        mutating func free(_ node: Int) {
            for block in storages.removeValue(forKey: node) ?? [] {
                guard let entry = blocks[block] else { continue }
                blocks[block]!.holders -= 1
                if entry.holders > 1 { continue }
                blocks[block] = nil
                held[entry.cause, default: 0] -= entry.bytes
            }
        }
    }
}
