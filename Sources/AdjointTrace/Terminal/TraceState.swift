/// What is known after some of a trace's events: the gradients so far, and how they came about.
struct TraceState {
    /// The gradient of each node's outputs, of the latest pass.
    private(set) var gradients: [Int: [TraceValue]] = [:]
    /// The gradient of each leaf, and what was added up in the latest pass.
    private(set) var leaves: [Int: Leaf] = [:]
    private(set) var freed: Set<Int> = []

    struct Leaf {
        var value: TraceValue
        /// The numbers that were added, the first of them what was there before the pass.
        var parts: [TraceValue]
        var run: Int?
    }

    /// - Parameter last: The index of the last event that counts; nil for all.
    init(_ document: TraceDocument, at last: Int? = nil) {
        var before: [Int: Leaf] = [:]
        for event in document.events {
            if let last, event.index > last { break }
            switch event.body {
            case .backwardBegin: before = leaves
            case .backwardNode(let e): gradients[e.node] = e.gradOut
            case .accumulate(let e): add(e)
            case .zeroGrad(let e):
                if e.setToNone { leaves[e.tensor] = nil } else { leaves[e.tensor]?.parts = [] }
            case .free(let e): freed.insert(e.node)
            case .backwardEnd(let e): if e.failed { leaves = before }
            default: break
            }
        }
    }

    private mutating func add(_ e: TraceEvent.Accumulate) {
        if var leaf = leaves[e.tensor], leaf.run == e.run, e.mode == .add {
            leaf.value = e.after
            leaf.parts.append(e.incoming)
            leaves[e.tensor] = leaf
            return
        }
        leaves[e.tensor] = Leaf(
            value: e.after, parts: e.mode == .add ? [e.before, e.incoming] : [e.incoming],
            run: e.run)
    }
}

extension TraceDocument {
    /// "x", or "[2, 3] float32" for a tensor without a name.
    func label(_ id: Int) -> String {
        guard let tensor = tensor(id) else { return "tensor \(id)" }
        return tensor.name
            ?? (tensor.shape.isEmpty ? tensor.dtype : "\(tensor.shape) \(tensor.dtype)")
    }

    /// "pow(n: 2)".
    func call(_ node: TraceNode) -> String {
        let shown = node.attrs.sorted { $0.key < $1.key }.compactMap { name, value -> String? in
            switch value {
            case .number(let x): "\(name): \(Terminal.number(x))"
            case .bool(let x): "\(name): \(x)"
            case .string(let x) where x.count <= 20: "\(name): \(x)"
            case .array(let list) where list.count <= 4 && list.allSatisfy({ $0.number != nil }):
                "\(name): [\(list.map { Terminal.number($0.number!) }.joined(separator: ", "))]"
            default: nil
            }
        }
        return shown.isEmpty ? node.op : "\(node.op)(\(shown.joined(separator: ", ")))"
    }
}

extension TraceValue {
    /// The number of one element, a short list, or what is known of many.
    var short: String {
        switch self {
        case .none(let reason):
            switch reason {
            case .notCaptured: return "?"
            case .notComputed: return "none"
            case .freed: return "freed"
            case .undefinedGrad: return "0"
            }
        case .full(let data, _):
            if data.count == 1 { return Terminal.number(data[0]) }
            let shown = data.prefix(4).map { Terminal.short($0) }.joined(separator: ", ")
            return data.count <= 4 ? "[\(shown)]" : "[\(shown), … \(data.count)]"
        case .sum(let sum):
            var text = "\(Terminal.count(sum.n)) numbers"
            if let min = sum.min, let max = sum.max {
                text += " from \(Terminal.short(min)) to \(Terminal.short(max))"
            }
            if let nan = sum.nan, nan > 0 { text += ", \(nan) nan" }
            if let inf = sum.inf, inf > 0 { text += ", \(inf) inf" }
            return text
        }
    }
}
