/// Several backward passes of one line before a step: the means of micro-batches, whose sum is as
/// many times too large as there are.
extension Doctor {
    private static let means: Set<String> = [
        "mean", "mseLoss", "crossEntropy", "nllLoss", "l1Loss", "smoothL1Loss", "huberLoss",
        "binaryCrossEntropy", "binaryCrossEntropyWithLogits", "klDiv",
    ]

    func microBatches() -> [TraceFinding] {
        var windows: [[TraceIndex.Pass]] = []
        var window: [TraceIndex.Pass] = []
        var isOpen = false
        for event in document.events {
            switch event.body {
            case .backwardBegin(let e):
                if isOpen { (window, isOpen) = ([], false) }
                if let pass = index.pass(e.run), !pass.failed { window.append(pass) }
            case .zeroGrad: if !isOpen { window = [] }
            // An optimiser has one event a parameter.
            case .optimStep:
                if !isOpen, window.count > 1 { windows.append(window) }
                isOpen = true
            default: break
            }
        }
        for passes in windows {
            if let finding = microBatches(passes, windows.count) { return [finding] }
        }
        return []
    }

    private func microBatches(_ passes: [TraceIndex.Pass], _ windows: Int) -> TraceFinding? {
        let roots = passes.compactMap { pass in
            pass.roots.first.flatMap { index.maker(of: $0, before: pass.begin) }
        }
        // Losses of different lines are parts of one loss, and not batches.
        guard roots.count == passes.count, let first = roots.first,
            roots.allSatisfy({ $0.op == first.op && $0.src == first.src })
        else { return nil }
        let count = passes.count
        let sizes = roots.map(meanSize)
        if first.op != "div", first.op != "mul" {
            guard Self.means.contains(first.op), sizes[0] != nil else { return nil }
            var finding = finding(passes, first, windows)
            finding.title = "the means of \(count) micro-batches are added, and not averaged"
            finding.explanation =
                "\(count) backward passes\(at(passes[0].source)) run before each step, and each root is "
                + "\(first.op)\(at(first.src)), a mean over its own batch. Their gradients add up to "
                + "\(count) times that of one large batch."
            finding.fix = "divide each loss: (loss / \(count)).backward()"
            return finding
        }
        // Divided by their number, which is right only where all are of one size.
        let known = sizes.compactMap { $0 }
        guard known.count == count, Set(known).count > 1,
            Set(roots.map { $0.inputs.compactMap(\.scalar) }).count == 1
        else { return nil }
        var finding = finding(passes, first, windows)
        finding.title = "micro-batches of different sizes have the same weight"
        finding.explanation =
            "The losses of \(count) backward passes\(at(passes[0].source)) are means over "
            + "\(list(known.map(String.init), 8)) elements, and each is divided by the same number: "
            + "elements of the small batches count for more."
        finding.fix =
            "add sums, and divide by the number of all elements: loss = lossSum / "
            + "\(known.reduce(0, +))"
        return finding
    }

    private func finding(
        _ passes: [TraceIndex.Pass], _ root: TraceNode, _ windows: Int
    ) -> TraceFinding {
        var finding = TraceFinding(.microBatches, .warning, title: "", explanation: "", fix: "")
        finding.operation = root.op
        finding.node = root.id
        finding.tensor = passes[0].roots.first
        finding.places = [
            place("the loss, by \(root.op)", root.src), place("backward called", passes[0].source),
        ].compactMap { $0 }
        finding.events = passes.map(\.begin)
        finding.count = windows
        return finding
    }

    /// Over how many elements the mean goes that `node` is, or scales; nil for anything else.
    private func meanSize(_ node: TraceNode) -> Int? {
        var node = node
        for _ in 0..<4 {
            if Self.means.contains(node.op) {
                let input = node.inputs.lazy.compactMap(\.tensor).first.flatMap {
                    document.tensor($0)
                }
                guard let shape = input?.shape else { return nil }
                // Classes are no elements of a mean over a batch.
                return node.op == "mean" || node.op.hasSuffix("mseLoss")
                    ? shape.reduce(1, *) : shape.first ?? 1
            }
            guard let tensor = node.inputs.lazy.compactMap(\.tensor).first,
                let maker = index.maker(of: tensor, before: index.forward[node.id])
            else { return nil }
            node = maker
        }
        return nil
    }
}
