/// Parameters that no gradient has reached, and why.
extension Doctor {
    /// Those that some reached pass should have filled, once for each.
    func unreached() -> [TraceFinding] {
        guard let last = index.passes.last(where: { $0.end != nil && !$0.failed }) else {
            return []
        }
        var reached: Set<Int> = []
        for event in document.events {
            if case .accumulate(let e) = event.body { reached.insert(e.tensor) }
        }
        return document.tensors.filter { tensor in
            guard tensor.leaf, !reached.contains(tensor.id), isParameter(tensor) else {
                return false
            }
            // One that was made after the last pass has not had its turn.
            let first = index.uses[tensor.id]?.lazy.compactMap { index.forward[$0.node] }.min()
            return first.map { $0 < last.begin } ?? (tensor.role == .parameter)
        }.map { finding($0, last) }
    }

    private func isParameter(_ tensor: TraceTensor) -> Bool {
        if tensor.role == .parameter {
            // A frozen parameter was asked not to have one; a whole number cannot.
            return tensor.requiresGrad || !Self.isFloating(tensor.dtype)
        }
        return tensor.requiresGrad && tensor.role != .gradient
    }

    static func isFloating(_ dtype: String) -> Bool {
        dtype.hasPrefix("float") || dtype.hasPrefix("bfloat") || dtype.hasPrefix("complex")
            || dtype == "double" || dtype == "half"
    }

    private func finding(_ tensor: TraceTensor, _ last: TraceIndex.Pass) -> TraceFinding {
        let cause = cause(tensor)
        let name = name(tensor.id)
        var finding = TraceFinding(
            .noGradient, .warning, title: "no gradient has reached \(name)",
            explanation: "In \(counted(index.passes.count, "backward pass"))"
                + "\(index.passes.count == 1 ? "" : "es") nothing was added to its grad: "
                + cause.words,
            fix: cause.fix)
        finding.operation = cause.node?.op
        finding.node = cause.node?.id
        finding.tensor = tensor.id
        finding.places = [
            cause.node.flatMap { place("lost at \($0.op)", $0.src) },
            place("made", tensor.src), place("backward called", last.source),
        ].compactMap { $0 }
        finding.events =
            [last.begin]
            + (cause.node.flatMap { index.forward[$0.id] }.map { [$0] } ?? [])
        return finding
    }

    private struct Cause {
        var words: String
        var fix: String
        var node: TraceNode?
    }

    private func cause(_ tensor: TraceTensor) -> Cause {
        if !Self.isFloating(tensor.dtype) {
            return Cause(
                words: "it is \(tensor.dtype), and only floating-point tensors have gradients.",
                fix: "make it floating-point: .to(.float32)")
        }
        let uses = index.uses[tensor.id] ?? []
        if uses.isEmpty {
            return Cause(
                words: "no operation has read it.",
                fix: "use it in the forward pass, or take it out of the optimiser's parameters")
        }
        let nodes = uses.compactMap { document.node($0.node) }
        if let node = nodes.first, nodes.allSatisfy({ $0.gradEnabled == false || $0.gradFn == nil })
        {
            return lost(node, tensor)
        }
        return cut(from: uses, tensor)
    }

    /// Follows the tensor forward along the nodes that would pass its gradient back, until the way
    /// ends.
    private func cut(from uses: [TraceIndex.Use], _ tensor: TraceTensor) -> Cause {
        var stack = uses.compactMap { use -> TraceNode? in
            guard let node = document.node(use.node), node.next.indices.contains(use.input),
                node.next[use.input] == .leaf(tensor.id)
            else { return nil }
            return node
        }
        if stack.isEmpty, let node = uses.lazy.compactMap({ document.node($0.node) }).first {
            return lost(node, tensor)
        }
        var seen = Set(stack.map(\.id))
        var ends: [TraceNode] = []
        var lostAt: [TraceNode] = []
        while let node = stack.popLast() {
            var goesOn = false
            for use in node.outputs.flatMap({ index.uses[$0] ?? [] }) where use.node > node.id {
                guard let reader = document.node(use.node) else { continue }
                let target = reader.next.indices.contains(use.input) ? reader.next[use.input] : nil
                guard case .node(node.id, _)? = target else {
                    lostAt.append(reader)
                    continue
                }
                goesOn = true
                if seen.insert(reader.id).inserted { stack.append(reader) }
            }
            if !goesOn { ends.append(node) }
        }
        if let node = lostAt.min(by: { $0.id < $1.id }) { return lost(node, tensor) }
        let end = ends.min { $0.id < $1.id }
        return Cause(
            words:
                "the last operation that depends on it, \(end?.op ?? "its use")\(at(end?.src)), is "
                + "not part of the loss.",
            fix: "use that result in the loss", node: end)
    }

    /// The gradient ends at `node`: the words say why.
    private func lost(_ node: TraceNode, _ tensor: TraceTensor) -> Cause {
        let output = node.outputs.first.flatMap { document.tensor($0) }
        let start = "\(node.op)\(at(node.src)) "
        if node.op.hasPrefix("detach") {
            return Cause(
                words: "\(start)cuts the graph behind it.",
                fix: "take the detach() away, if a gradient is wanted there", node: node)
        }
        if node.gradEnabled == false {
            return Cause(
                words: "\(start)ran where gradients are not recorded (noGrad).",
                fix: "take the forward pass out of noGrad { }, or of inferenceMode { }", node: node)
        }
        if let output, !Self.isFloating(output.dtype) {
            return Cause(
                words: "\(start)gives \(output.dtype), which has no gradient.",
                fix: "use something differentiable in its place (softmax for argmax, sigmoid for a "
                    + "comparison)", node: node)
        }
        return Cause(
            words: "\(start)passes no gradient on.",
            fix:
                "look at what \(node.op) reads: detach(), noGrad and numbers taken out with item() "
                + "cut the graph", node: node)
    }
}
