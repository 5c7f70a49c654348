public import AdjointCore

/// The chain rule of one backward pass in words and numbers.
public struct Explanation: Sendable {
    private let document: TraceDocument
    private let run: Int

    /// - Parameters:
    ///   - document: The trace.
    ///   - run: The pass; the latest if nil.
    public init(_ document: TraceDocument, run: Int? = nil) {
        self.document = document
        self.run = run ?? document.events.compactMap(\.run).max() ?? 0
    }

    /// The words, a line for each step.
    ///
    /// - Parameters:
    ///   - capabilities: What the terminal can show.
    ///   - limit: At most so many operations.
    public func text(_ capabilities: TerminalCapabilities, limit: Int = 100) -> String {
        let partial = capabilities.hasUnicode ? "∂" : "d"
        var lines: [String] = []
        var root = "the result"
        var arrived: [Target: [TraceValue]] = [:]
        var toLeaf: [Int: [TraceValue]] = [:]
        var count = 0
        var isCut = false
        for event in document.events where event.run == run {
            switch event.body {
            case .backwardBegin(let e):
                if let tensor = e.roots.first { root = name(tensor) ?? root }
                let seed = e.gradOut.first?.short ?? "1"
                lines.append(
                    "The way back begins at \(root): \(partial)\(root)/\(partial)\(root) = \(seed)."
                )
            case .backwardNode(let e):
                count += 1
                if count > limit {
                    isCut = true
                    continue
                }
                lines += step(e, partial, root, arrived)
            case .edge(let e):
                switch e.to {
                case .node(let node, let output):
                    arrived[Target(node: node, output: output), default: []].append(e.value)
                case .leaf(let leaf): toLeaf[leaf, default: []].append(e.value)
                }
            case .accumulate(let e): lines.append(sum(e, toLeaf.removeValue(forKey: e.tensor)))
            case .error(let e): lines.append("Here it ends: \(e.message)")
            default: break
            }
        }
        for (leaf, parts) in toLeaf.sorted(by: { $0.key < $1.key }) {
            let leaf = name(leaf) ?? document.label(leaf)
            lines.append(
                "\(partial)\(root)/\(partial)\(leaf) = "
                    + parts.map(\.short).joined(separator: " + ") + total(parts))
        }
        if lines.isEmpty { return "(no backward pass was recorded)" }
        if isCut { lines.append("\(count - limit) more operations are left out.") }
        return lines.map(Terminal.printable).joined(separator: "\n")
    }

    private struct Target: Hashable {
        let node: Int
        let output: Int
    }

    private func name(_ tensor: Int) -> String? { document.tensor(tensor)?.name }

    private func total(_ parts: [TraceValue]) -> String {
        let numbers = parts.compactMap(\.elements)
        guard parts.count > 1, numbers.count == parts.count,
            let sum = ExactSum.of(numbers, "float32"), sum.count == 1
        else { return "" }
        return " = \(Terminal.number(sum[0]))"
    }

    /// What one node does: its gradient, and for each input the derivative and the product.
    private func step(
        _ e: TraceEvent.BackwardNode, _ partial: String, _ root: String,
        _ arrived: [Target: [TraceValue]]
    ) -> [String] {
        guard let node = document.node(e.node) else { return [] }
        let place = document.line(node.src).map { ", \($0)" } ?? ""
        var head =
            "\(document.call(node))\(place): its gradient is \(e.gradOut.first?.short ?? "?")"
        let parts = arrived[Target(node: e.node, output: 0)] ?? []
        if parts.count > 1 {
            head += " = " + parts.map(\.short).joined(separator: " + ")
        }
        var lines = [head + "."]
        for (i, local) in e.local.enumerated() {
            guard let local else { continue }
            let formula = node.rule.flatMap { document.rule($0) }
                .flatMap { i < $0.local.count ? $0.local[i] : nil }
            let input = i < node.inputs.count ? node.inputs[i].tensor.flatMap { name($0) } : nil
            let what = input ?? RecorderState.name(i)
            var text = "   by \(what): "
            if let formula, local.value?.scalar != nil {
                text += formula == local.text ? formula : "\(formula) = \(local.text)"
            } else {
                text += local.text
            }
            if let product = local.product { text += "; \(product)" }
            lines.append(text)
        }
        return lines
    }

    private func sum(_ e: TraceEvent.Accumulate, _ parts: [TraceValue]?) -> String {
        let leaf = "\(name(e.tensor) ?? document.label(e.tensor)).grad"
        if e.mode == .assign { return "\(leaf) becomes \(e.after.short)." }
        var text = "\(leaf) becomes \(e.before.short) + \(e.incoming.short) = \(e.after.short)"
        if let parts, parts.count > 1 {
            text += " (of this pass " + parts.map(\.short).joined(separator: " + ") + ")"
        }
        return text + "."
    }
}

/// The chain rule from `loss` back to its leaves, in words and with the numbers of a pass that is
/// run for it and changes no gradient.
///
/// - Parameters:
///   - loss: What is differentiated.
///   - named: Names for leaves.
///   - capabilities: What the terminal can show.
/// - Errors: as `grads`, where nothing was recorded or the graph is freed.
public func explain(
    _ loss: Tensor, named: [(String, Tensor)] = [],
    _ capabilities: TerminalCapabilities = TerminalCapabilities()
) -> String {
    let leaves = loss.observedLeaves
    let options = TraceOptions(sourceText: false, times: false)
    let trace = Trace.record(options, named: named) {
        if leaves.isEmpty { return }
        let seed: Tensor? = loss.numel == 1 ? nil : Tensor.ones(loss.shape, dtype: loss.dtype)
        guard let root = gradientEdge(of: loss) else { return }
        _ = grads(
            of: [root], wrt: leaves, gradients: [seed], retainGraph: true, unused: .nil)
    }
    return Explanation(trace).text(capabilities)
}
