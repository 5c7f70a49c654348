/// Two traces beside each other: the same graph, the same order of derivatives, the same gradients?
///
/// Operations are paired in the order of their making, by their names; ids and lines may differ, so
/// that a run can be held against one of another library. Only what gradients flow through is
/// compared.
public struct TraceDiff: Sendable {
    /// One thing that is not alike.
    public struct Difference: Sendable, Hashable {
        /// What kind of thing is not alike.
        public enum Kind: String, Sendable, CaseIterable {
            /// Operations, their shapes, or what they read.
            case graph
            /// The order in which derivatives ran.
            case order
            /// A gradient on its way.
            case gradient
            /// What a leaf's gradient became.
            case accumulation
        }

        /// What kind of thing it is.
        public var kind: Kind
        /// What differs, in a sentence.
        public var words: String
        /// The nodes in the first and in the second trace; nil where there is none.
        public var nodes: [Int?]
        /// The events that show it, in the first and in the second trace.
        public var events: [Int?]
        /// The largest difference of two elements; nil where no numbers are compared.
        public var distance: Double?
    }

    /// How far two numbers may lie apart: `|a − b| ≤ absolute + relative · max(|a|, |b|)`.
    public struct Tolerance: Sendable, Hashable {
        /// The part of the larger number.
        public var relative: Double
        /// The part that does not depend on the numbers.
        public var absolute: Double

        /// Both parts; the larger the numbers, the more the relative one counts.
        public init(relative: Double, absolute: Double) {
            self.relative = relative
            self.absolute = absolute
        }

        /// A few roundings of float32.
        public static let float32 = Tolerance(relative: 1e-5, absolute: 1e-7)
        /// Bit for bit.
        public static let exact = Tolerance(relative: 0, absolute: 0)
    }

    /// An operation of both traces; nil where one of them has none.
    public struct Pair: Sendable, Hashable {
        /// The node of the first trace.
        public var first: Int?
        /// The node of the second trace.
        public var second: Int?
    }

    /// The operations of both, in the order of the first trace.
    public private(set) var pairs: [Pair] = []
    /// In the order: graph, then pass by pass.
    public private(set) var differences: [Difference] = []
    /// How many gradients were compared by their numbers.
    public private(set) var comparedGradients = 0
    /// How many passes were compared.
    public private(set) var comparedPasses = 0

    /// True where nothing differs.
    public var isEmpty: Bool { differences.isEmpty }

    let a: TraceDocument
    let b: TraceDocument
    private let tolerance: Tolerance
    private let tolerances: [String: Tolerance]
    /// From a node of a trace to the number of its pair.
    private var numbersA: [Int: Int] = [:]
    private var numbersB: [Int: Int] = [:]
    /// From a leaf of the first trace to that of the second.
    private var leaves: [Int: Int] = [:]

    /// - Parameters:
    ///   - a: The first trace.
    ///   - b: The second trace.
    ///   - tolerance: For gradients of all operations.
    ///   - tolerances: For those that come from the operations of these names.
    public init(
        _ a: TraceDocument, _ b: TraceDocument, tolerance: Tolerance = .float32,
        tolerances: [String: Tolerance] = [:]
    ) {
        (self.a, self.b, self.tolerance, self.tolerances) = (a, b, tolerance, tolerances)
        pair()
        compareGraphs()
        comparePasses()
    }

    /// "PowBackward0" and "pow" are "pow".
    static func plainName(_ node: TraceNode) -> String {
        var name = node.gradFn ?? node.op
        while name.last?.isNumber == true { name.removeLast() }
        if name.hasSuffix("Backward") { name.removeLast("Backward".count) }
        if name.hasSuffix("Scalar") { name.removeLast("Scalar".count) }
        return name.lowercased()
    }

    private mutating func pair() {
        let nodesA = a.nodes.filter { $0.gradFn != nil }
        let nodesB = b.nodes.filter { $0.gradFn != nil }
        let namesA = nodesA.map(Self.plainName)
        let namesB = nodesB.map(Self.plainName)
        var (i, j) = (0, 0)
        // Looking for what is missing takes time with the square of what differs.
        let isLarge = max(namesA.count, namesB.count) > 5000
        let changes = isLarge ? nil : namesB.difference(from: namesA)
        let removed = Set(changes?.removals.map(Self.offset) ?? [])
        let inserted = Set(changes?.insertions.map(Self.offset) ?? [])
        while i < nodesA.count || j < nodesB.count {
            let isRemoved = i < nodesA.count && removed.contains(i)
            let isInserted = j < nodesB.count && inserted.contains(j)
            // One in the place of another is one difference, and not two.
            let first = i < nodesA.count && (isRemoved || !isInserted) ? nodesA[i].id : nil
            let second = j < nodesB.count && (isInserted || !isRemoved) ? nodesB[j].id : nil
            if let first {
                numbersA[first] = pairs.count
                i += 1
            }
            if let second {
                numbersB[second] = pairs.count
                j += 1
            }
            pairs.append(Pair(first: first, second: second))
        }
    }

    private static func offset(_ change: CollectionDifference<String>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    private mutating func compareGraphs() {
        for pair in pairs {
            let (first, second) = (pair.first.flatMap(a.node), pair.second.flatMap(b.node))
            guard let first, let second else {
                let one = first.map { "\(described($0, a)) is in the first trace alone" }
                let other = second.map { "\(described($0, b)) is in the second trace alone" }
                add(.graph, one ?? other ?? "", pair)
                continue
            }
            if Self.plainName(first) != Self.plainName(second) {
                add(.graph, "\(described(first, a)) stands where \(described(second, b)) is", pair)
                continue
            }
            compareOutputs(first, second, pair)
            compareTargets(first, second, pair)
        }
    }

    private mutating func compareOutputs(_ first: TraceNode, _ second: TraceNode, _ pair: Pair) {
        func spec(_ node: TraceNode, _ document: TraceDocument) -> String {
            node.outputs.compactMap { document.tensor($0) }.map { "\($0.shape) \($0.dtype)" }
                .joined(separator: ", ")
        }
        let (one, other) = (spec(first, a), spec(second, b))
        if one != other {
            add(
                .graph, "\(described(first, a)) gives \(one), and in the second trace \(other)",
                pair)
        }
    }

    private mutating func compareTargets(_ first: TraceNode, _ second: TraceNode, _ pair: Pair) {
        // Operands that no gradient flows to are told in different ways.
        let targetsA = first.next.enumerated().filter { $0.element != nil }
        let targetsB = second.next.enumerated().filter { $0.element != nil }
        guard targetsA.count == targetsB.count else {
            add(
                .graph,
                "the gradient of \(described(first, a)) goes to \(targetsA.count) inputs, and "
                    + "in the second trace to \(targetsB.count)", pair)
            return
        }
        for (one, other) in zip(targetsA, targetsB) {
            switch (one.element!, other.element!) {
            case (.node(let m, let out), .node(let n, let other))
            where numbersA[m] == numbersB[n] && out == other: continue
            case (.leaf(let s), .leaf(let t)):
                if leaves[s] == nil { leaves[s] = t }
                if leaves[s] == t { continue }
            default: break
            }
            add(
                .graph,
                "input \(one.offset) of \(described(first, a)) comes from "
                    + "\(source(one.element!, a)), and in the second trace from "
                    + "\(source(other.element!, b))", pair)
        }
    }

    private func source(_ target: TraceTarget, _ document: TraceDocument) -> String {
        switch target {
        case .node(let id, _): document.node(id).map { described($0, document) } ?? "node \(id)"
        case .leaf(let id): document.tensor(id)?.name ?? "leaf \(id)"
        }
    }

    /// "mul (main.swift:2)".
    func described(_ node: TraceNode, _ document: TraceDocument) -> String {
        node.op + (document.line(node.src).map { " (\($0))" } ?? "")
    }

    private mutating func add(
        _ kind: Difference.Kind, _ words: String, _ pair: Pair, _ events: [Int?] = [nil, nil],
        _ distance: Double? = nil
    ) {
        differences.append(
            Difference(
                kind: kind, words: words, nodes: [pair.first, pair.second], events: events,
                distance: distance))
    }

    private mutating func comparePasses() {
        let (passesA, passesB) = (TracePass.all(of: a), TracePass.all(of: b))
        if passesA.count != passesB.count {
            add(
                .order,
                "there are \(passesA.count) backward passes, and in the second trace "
                    + "\(passesB.count)", Pair(first: nil, second: nil))
        }
        for (number, (one, other)) in zip(passesA, passesB).enumerated() {
            comparedPasses += 1
            compareOrder(number, one, other)
            compareEdges(number, one, other)
            compareLeaves(number, one, other)
        }
    }

    private mutating func compareOrder(_ number: Int, _ one: TracePass, _ other: TracePass) {
        let orderA = one.nodes.compactMap { node in numbersA[node.id].map { ($0, node) } }
        let orderB = other.nodes.compactMap { node in numbersB[node.id].map { ($0, node) } }
        for (place, (first, second)) in zip(orderA, orderB).enumerated() where first.0 != second.0 {
            let names = [a.node(first.1.id), b.node(second.1.id)].map { $0?.op ?? "?" }
            add(
                .order,
                "pass \(number), step \(place): the derivative of \(names[0]) runs, and in the "
                    + "second trace that of \(names[1])",
                Pair(first: first.1.id, second: second.1.id), [first.1.event, second.1.event])
            return
        }
        if orderA.count != orderB.count {
            add(
                .order,
                "pass \(number) runs \(orderA.count) derivatives, and in the second trace "
                    + "\(orderB.count)", Pair(first: nil, second: nil))
        }
    }

    private mutating func compareEdges(_ number: Int, _ one: TracePass, _ other: TracePass) {
        let gradientsB = other.gradients { numbersB[$0] }
        for (key, found) in one.gradients({ numbersA[$0] }).sorted(by: {
            $0.value.event < $1.value.event
        }) {
            guard let wanted = gradientsB[key] else { continue }
            let node = pairs[key.pair].first.flatMap(a.node)
            let tolerance = node.flatMap { tolerances[$0.op] } ?? tolerance
            guard let outcome = Self.compare(found.value, wanted.value, tolerance) else { continue }
            comparedGradients += 1
            if let difference = outcome.difference {
                add(
                    .gradient,
                    "pass \(number): the gradient number \(key.place) of "
                        + "\(node.map { described($0, a) } ?? "an operation") is \(difference)",
                    pairs[key.pair], [found.event, wanted.event], outcome.distance)
            }
        }
    }

    private mutating func compareLeaves(_ number: Int, _ one: TracePass, _ other: TracePass) {
        for (leaf, found) in one.leaves.sorted(by: { $0.value.event < $1.value.event }) {
            guard let twin = leaves[leaf] ?? named(leaf), let wanted = other.leaves[twin] else {
                continue
            }
            guard let outcome = Self.compare(found.value, wanted.value, tolerance) else { continue }
            comparedGradients += 1
            if let difference = outcome.difference {
                add(
                    .accumulation,
                    "pass \(number): the gradient of "
                        + "\(a.tensor(leaf)?.name ?? "leaf \(leaf)") becomes \(difference)",
                    Pair(first: nil, second: nil), [found.event, wanted.event], outcome.distance)
            }
        }
    }

    private func named(_ leaf: Int) -> Int? {
        guard let name = a.tensor(leaf)?.name else { return nil }
        return b.tensors.first { $0.leaf && $0.name == name }?.id
    }
}
