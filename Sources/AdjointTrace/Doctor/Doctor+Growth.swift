/// Graphs that grow from step to step, and the memory that graphs hold.
extension Doctor {
    /// In so many rounds in a row something must be carried on.
    private static let patience = 3

    /// An operation whose gradient would flow on into the graphs of earlier steps, round after
    /// round: `total += loss`.
    func growingGraphs() -> [TraceFinding] {
        guard index.passes.count >= Self.patience else { return [] }
        // By line: the rounds in which the graph of the round before was read.
        var rounds: [[Int]: (rounds: Set<Int>, nodes: [TraceNode])] = [:]
        for node in document.nodes where (node.order ?? 1) == 1 {
            guard let own = index.round[node.id] else { continue }
            let isCarried = node.next.contains { target in
                guard case .node(let other, _)? = target, let made = index.round[other] else {
                    return false
                }
                return made < own
            }
            guard isCarried else { continue }
            let key = node.src.map { [$0.file, $0.line] } ?? [-1]
            rounds[key, default: ([], [])].rounds.insert(own)
            rounds[key]!.nodes.append(node)
        }
        return rounds.values.filter { found in
            found.rounds.contains { round in
                (0..<Self.patience - 1).allSatisfy { found.rounds.contains(round + $0) }
            }
        }.sorted { $0.nodes[0].id < $1.nodes[0].id }.prefix(3).map {
            growth($0.nodes, $0.rounds.count)
        }
    }

    private func growth(_ nodes: [TraceNode], _ rounds: Int) -> TraceFinding {
        let (first, last) = (nodes[0], nodes.last!)
        let held = reachable(from: last)
        let bytes = held.reduce(0) { $0 + own($1) }
        let isAssignment = last.op.hasPrefix("add")
        var finding = TraceFinding(
            .growingGraph, .warning,
            title: "\(last.op) carries the graph of every step into the next",
            explanation:
                "In \(rounds) rounds \(last.op)\(at(last.src)) read a result of the round before, "
                + "together with its graph; the last one leads to "
                + "\(counted(held.count, "operation"))"
                + (bytes > 0 ? " that hold \(ShownValue.bytes(bytes)) for backward" : "")
                + ". Memory and time grow with each step.",
            fix: isAssignment
                ? "add a number and not a tensor: total += loss.item()"
                : "detach() what is carried from step to step")
        finding.operation = last.op
        finding.node = last.id
        finding.tensor = last.outputs.first
        finding.places = [place("carried on by \(last.op)", last.src)].compactMap { $0 }
        finding.events = [first, nodes.count > 1 ? nodes[1] : last, last]
            .compactMap { index.forward[$0.id] }
        finding.affected = nodes.map(\.id)
        finding.count = rounds
        return finding
    }

    private func reachable(from node: TraceNode) -> [TraceNode] {
        var seen: Set<Int> = [node.id]
        var stack = [node]
        var found = [node]
        while let next = stack.popLast() {
            for case .node(let id, _)? in next.next where seen.insert(id).inserted {
                guard let node = document.node(id) else { continue }
                found.append(node)
                stack.append(node)
            }
        }
        return found
    }

    /// The bytes that only this node holds.
    private func own(_ node: TraceNode) -> Int {
        node.saved.reduce(0) { $0 + ($1.shared == true ? 0 : $1.bytes) }
    }

    /// Lines that keep much of what graphs hold, and at least a mebibyte.
    func largeSaved() -> [TraceFinding] {
        let memory = TraceMemory(document)
        guard let peak = memory.peak, peak.bytes >= 1 << 20 else { return [] }
        return memory.causes(at: peak.event, by: .operationAndLine).prefix(3).filter {
            $0.bytes >= 1 << 20 && $0.bytes * 5 >= peak.bytes
        }.map { cause in
            let node = document.node(cause.nodes[0])
            let share = Int((100 * Double(cause.bytes) / Double(peak.bytes)).rounded())
            var finding = TraceFinding(
                .largeSaved, .note,
                title: "\(cause.name) keeps \(ShownValue.bytes(cause.bytes)) for backward",
                explanation:
                    "That is \(share)% of what graphs held at most (\(ShownValue.bytes(peak.bytes)), "
                    + "after event \(peak.event)), in \(counted(cause.nodes.count, "call")), and "
                    + "nothing else holds it.",
                fix: "checkpoint(block, x) computes it again in backward in place of keeping it; a "
                    + "smaller batch keeps less")
            finding.operation = node?.op
            finding.node = node?.id
            finding.places = [node.flatMap { place("saved by \($0.op)", $0.src) }].compactMap { $0 }
            finding.events = [index.forward[cause.nodes[0]] ?? peak.event, peak.event]
            finding.count = cause.nodes.count
            return finding
        }
    }

    /// Conversions between types, by line.
    func casts() -> [TraceFinding] {
        var lines: [[Int]: [(node: TraceNode, from: String, to: String)]] = [:]
        for node in document.nodes where (node.order ?? 1) == 1 {
            guard let output = node.outputs.first.flatMap({ document.tensor($0) }),
                let input = node.inputs.lazy.compactMap(\.tensor).first.flatMap({
                    document.tensor($0)
                }),
                input.dtype != output.dtype, Self.casts.contains(node.op)
            else { continue }
            let key = node.src.map { [$0.file, $0.line] } ?? [-1, node.id]
            lines[key, default: []].append((node, input.dtype, output.dtype))
        }
        return lines.values.sorted { $0[0].node.id < $1[0].node.id }.prefix(5).map { calls in
            let (node, from, to) = calls[0]
            let losesGradient =
                Self.isFloating(from) && !Self.isFloating(to)
                && node.inputs.contains { input in
                    input.tensor.flatMap { document.tensor($0)?.requiresGrad } ?? false
                }
            let narrows = Self.bits(to) < Self.bits(from)
            var words =
                "\(node.op)\(at(node.src)) makes \(to) of \(from)"
                + (calls.count > 1 ? ", \(calls.count) times" : "") + "."
            if losesGradient {
                words += " Whole numbers have no gradient: the graph ends there."
            } else if narrows {
                words += " Digits are lost."
            }
            var finding = TraceFinding(
                .cast, losesGradient ? .warning : .note,
                title: "\(from) becomes \(to) in \(node.op)",
                explanation: words,
                fix: losesGradient
                    ? "keep floating-point numbers where a gradient is wanted"
                    : "make the tensor \(to) in the first place, if that is what you want")
            finding.operation = node.op
            finding.node = node.id
            finding.places = [place("converted", node.src)].compactMap { $0 }
            finding.events = [index.forward[node.id]].compactMap { $0 }
            finding.count = calls.count
            return finding
        }
    }

    private static let casts: Set<String> = ["to", "cast", "toDType", "_to_copy", "type"]

    private static func bits(_ dtype: String) -> Int {
        Int(String(dtype.reversed().prefix { $0.isNumber }.reversed())) ?? 8
    }
}
