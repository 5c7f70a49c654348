/// The first NaN or infinity, forward and backward, and what it spoiled.
extension Doctor {
    /// At most this many places are told; the rest follow from them, or repeat.
    private static let mostOrigins = 5

    func nonFinite() -> [TraceFinding] {
        let flow = NonFiniteFlow(document, index)
        var found: [TraceFinding] = []
        var told: Set<[Int]> = []
        var forwardCones: [Int: Set<Int>] = [:]
        let badNodes = Dictionary(flow.forward.map { ($0.node, $0.isNaN) }) { $0 || $1 }
        for spot in flow.forward where spot.isFirst {
            guard let node = document.node(spot.node) else { continue }
            let cone = cone(of: node, within: Set(badNodes.keys))
            forwardCones[spot.node] = cone
            guard told.insert(Self.line(node)).inserted else { continue }
            let reachesLoss = reachesRoot(cone)
            let becomesNaN = cone.contains { badNodes[$0] == true }
            // Where forward was NaN, that backward is too is no news.
            let later =
                spot.isNaN ? nil : flow.backward.first { $0.isFirst && $0.node == spot.node }
            found.append(
                forwardFinding(spot, node, cone, reachesLoss, becomesNaN, later, flow.leaves))
            if found.count == Self.mostOrigins { break }
        }
        let spoiled = Set(
            index.passes.filter { pass in
                pass.roots.contains { root in
                    index.makers[root]?.contains { badNodes[$0.id] != nil } ?? false
                }
            }.map(\.run))
        for spot in flow.backward where spot.isFirst {
            guard let node = document.node(spot.node), !spoiled.contains(spot.run ?? -1),
                told.insert(Self.line(node)).inserted, found.count < Self.mostOrigins
            else { continue }
            found.append(backwardFinding(spot, node, flow))
        }
        if found.isEmpty { found += flow.inputs.prefix(1).map(inputFinding) }
        return found
    }

    /// Calls of one line are told once.
    private static func line(_ node: TraceNode) -> [Int] {
        node.src.map { [$0.file, $0.line, $0.column ?? 0] } ?? [-1, node.id]
    }

    /// The operations after `node` that hold one too.
    private func cone(of node: TraceNode, within bad: Set<Int>) -> Set<Int> {
        var cone: Set<Int> = [node.id]
        var stack = [node]
        while let next = stack.popLast() {
            for use in next.outputs.flatMap({ index.uses[$0] ?? [] }) {
                guard use.node > next.id, bad.contains(use.node), cone.insert(use.node).inserted,
                    let reader = document.node(use.node)
                else { continue }
                stack.append(reader)
            }
        }
        return cone
    }

    private func reachesRoot(_ cone: Set<Int>) -> Bool {
        index.passes.contains { pass in
            pass.roots.contains { root in
                index.makers[root]?.contains { cone.contains($0.id) } ?? false
            }
        }
    }

    private func what(_ spot: NonFiniteFlow.Spot) -> String {
        let kind = spot.isNaN ? "NaN" : "infinity"
        let position = spot.position.isEmpty ? "" : ", the first at \(spot.position)"
        guard let count = spot.count, count > 1 else { return kind + position }
        return "\(kind) in \(count) elements\(position)"
    }

    private func forwardFinding(
        _ spot: NonFiniteFlow.Spot, _ node: TraceNode, _ cone: Set<Int>, _ reachesLoss: Bool,
        _ becomesNaN: Bool, _ later: NonFiniteFlow.Spot?, _ leaves: [Int]
    ) -> TraceFinding {
        let kind = spot.isNaN ? "NaN" : "infinity"
        let maker = node.gradFn.map { "\(node.op) (\($0))" } ?? node.op
        let isBad = spot.isNaN || becomesNaN || reachesLoss || later != nil
        var words = "\(node.op)\(at(node.src)) computed \(what(spot)) from finite numbers"
        if let range = inputRange(node) { words += " (\(range))" }
        words += "."
        let after = cone.subtracting([node.id]).sorted()
        if !after.isEmpty {
            let names = after.prefix(6).compactMap { document.node($0)?.op }
            words += " It went on into \(counted(after.count, "operation")): \(list(names, 6))"
            words += reachesLoss ? ", and reached the loss." : "."
        } else if reachesLoss {
            words += " It is the loss."
        } else if later == nil {
            words += " It did not reach the loss."
        }
        if let later {
            words +=
                " In backward (event \(later.event)) its derivative there made "
                + "\(what(later)): the slope is infinite, and 0 · ∞ is no number."
        }
        if isBad, !leaves.isEmpty { words += spoiled(leaves) }
        // A masked infinity whose derivative is NaN is a NaN of backward.
        let title =
            later?.isNaN == true
            ? "the first NaN of backward comes from \(maker), which made an infinity in forward"
            : "the first \(kind) comes from \(maker)"
        var finding = TraceFinding(
            .nonFinite, isBad ? .error : .note, title: title, explanation: words,
            fix: Self.cure(node.op, isBackward: later != nil))
        finding.operation = node.op
        finding.node = node.id
        finding.tensor = node.outputs.first
        finding.places = [place("made by \(node.op)", node.src)].compactMap { $0 }
        finding.events = [spot.event] + (later.map { [$0.event] } ?? [])
        finding.affected = after
        return finding
    }

    private func backwardFinding(
        _ spot: NonFiniteFlow.Spot, _ node: TraceNode, _ flow: NonFiniteFlow
    ) -> TraceFinding {
        let kind = spot.isNaN ? "NaN" : "infinity"
        let name = node.gradFn ?? node.op
        let after = flow.backward.filter {
            $0.run == spot.run && $0.event > spot.event && $0.node != spot.node
        }.map(\.node)
        var words =
            "The derivative of \(node.op)\(at(node.src)) made \(what(spot)) from a finite gradient"
        if let range = inputRange(node) { words += " (\(range))" }
        words += ", though forward was finite."
        if !after.isEmpty {
            words += " It went on into \(counted(after.count, "derivative"))."
        }
        if !flow.leaves.isEmpty { words += spoiled(flow.leaves) }
        var finding = TraceFinding(
            .nonFinite, .error, title: "the first \(kind) of backward comes from \(name)",
            explanation: words, fix: Self.cure(node.op, isBackward: true))
        finding.operation = node.op
        finding.node = node.id
        finding.places = [
            place("\(node.op), whose derivative it is", node.src),
            place("backward called", index.pass(spot.run)?.source),
        ].compactMap { $0 }
        finding.events = [spot.event]
        finding.affected = after
        return finding
    }

    private func inputFinding(
        _ input: (tensor: Int, node: Int, event: Int, isNaN: Bool)
    ) -> TraceFinding {
        let node = document.node(input.node)
        var finding = TraceFinding(
            .nonFinite, input.isNaN ? .error : .note,
            title:
                "\(name(input.tensor)) holds \(input.isNaN ? "NaN" : "an infinity") from the start",
            explanation: "No operation made it: it was there when \(node?.op ?? "an operation")"
                + "\(at(node?.src)) first read the tensor.",
            fix: "look at the data: drop or replace rows with missing values before training")
        finding.operation = node?.op
        finding.node = input.node
        finding.tensor = input.tensor
        finding.places = [place("first read by \(node?.op ?? "an operation")", node?.src)]
            .compactMap { $0 }
        finding.events = [input.event]
        return finding
    }

    private func spoiled(_ leaves: [Int]) -> String {
        " The gradient of \(list(leaves.map(name))) took it in."
    }

    /// "its input lies in -1 … 3".
    private func inputRange(_ node: TraceNode) -> String? {
        let ranges = node.inputs.compactMap { input -> String? in
            guard let tensor = input.tensor, !node.outputs.contains(tensor) else { return nil }
            return ShownValue.text(document.tensor(tensor)?.value)
        }
        guard !ranges.isEmpty else { return nil }
        return ranges.count == 1
            ? "its input is \(ranges[0])" : "its inputs are \(ranges.joined(separator: " and "))"
    }

    /// What to write instead, by the operation.
    static func cure(_ operation: String, isBackward: Bool) -> String {
        let plain = operation.hasSuffix("_") ? String(operation.dropLast()) : operation
        switch plain {
        case "log", "log2", "log10":
            return isBackward
                ? "replace the bad inputs before the logarithm: Tensor.where(x .> 0, x, 1).log()"
                : "keep the input above 0: x.clamp(min: 1e-12).log(), or logSoftmax in place of "
                    + "softmax and log"
        case "log1p": return "keep the input above -1: x.clamp(min: -1 + 1e-7).log1p()"
        case "sqrt", "rsqrt", "norm", "hypot":
            return "keep away from 0: (x + 1e-12).\(plain == "rsqrt" ? "rsqrt" : "sqrt")(); for "
                + "negative numbers clamp(min: 0) first"
        case "div", "reciprocal", "remainder", "fmod":
            return "keep the divisor away from 0: a / (b + 1e-8), or divide only where b is not 0: "
                + "a / Tensor.where(b .== 0, 1, b)"
        case "exp", "exp2", "expm1", "sinh", "cosh":
            return "keep the input small: subtract the maximum first, or use softmax, logSumExp, "
                + "softplus"
        case "pow": return "keep the base above 0 (clamp(min: 1e-12)), or use a whole exponent"
        case "acos", "asin", "atanh":
            return "keep the input inside: x.clamp(min: -1 + 1e-6, max: 1 - 1e-6)"
        case "acosh": return "keep the input above 1: x.clamp(min: 1 + 1e-6)"
        case "softmax", "logSoftmax", "logSumExp":
            return "leave at least one finite element in each row: a row that is masked with "
                + "-infinity as a whole has no softmax"
        case "std", "var", "variance":
            return "give it two elements or more, or correction: 0; add a small number before a "
                + "square root"
        case "mean": return "do not take the mean of no elements"
        case "sub", "add": return "keep infinities out: ∞ - ∞ is NaN; look at what is added"
        case "mul", "matmul": return "keep infinities out: 0 · ∞ is NaN; make its inputs smaller"
        default:
            return "look at the inputs of \(operation); detectAnomaly { } stops the program there"
        }
    }
}
