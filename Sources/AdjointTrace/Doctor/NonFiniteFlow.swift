/// Where NaNs and infinities were made in a run, and where they went.
struct NonFiniteFlow {
    /// One appearance.
    struct Spot: Sendable {
        var event: Int
        var node: Int
        var isNaN: Bool
        /// Nothing that the operation read had one.
        var isFirst: Bool
        /// How many elements, and the position of the first.
        var count: Int?
        var position: [Int] = []
        /// The backward pass; nil in forward.
        var run: Int?
    }

    private(set) var forward: [Spot] = []
    private(set) var backward: [Spot] = []
    /// Leaves whose gradient took one in.
    private(set) var leaves: [Int] = []
    /// Inputs of the program that held one from the start, with the first node that read them.
    private(set) var inputs: [(tensor: Int, node: Int, event: Int, isNaN: Bool)] = []

    /// Where one was made: from the recorder's own marks where there are some, otherwise from the
    /// captured values.
    init(_ document: TraceDocument, _ index: TraceIndex) {
        let hasMarks = document.events.contains { $0.kind == .anomaly }
        var bad: Set<Int> = []
        var known: Set<Int> = []
        var spoiled: Set<Int> = []
        for event in document.events {
            switch event.body {
            case .anomaly(let e):
                guard let node = e.node else { continue }
                let spot = Spot(
                    event: event.index, node: node, isNaN: e.kind == "nan", isFirst: e.first,
                    count: e.count, position: e.index, run: e.run)
                if e.phase == .forward { forward.append(spot) } else { backward.append(spot) }
            case .forward(let e):
                guard let node = document.node(e.node) else { continue }
                let read = node.inputs.compactMap(\.tensor)
                for tensor in read
                where known.insert(tensor).inserted && index.makers[tensor] == nil {
                    let (nan, inf) = ShownValue.faults(document.tensor(tensor)?.value)
                    if nan + inf > 0 {
                        bad.insert(tensor)
                        inputs.append((tensor, node.id, event.index, nan > 0))
                    }
                }
                var (nan, inf) = (0, 0)
                for tensor in node.outputs {
                    let found = ShownValue.faults(document.tensor(tensor)?.value)
                    (nan, inf) = (nan + found.nan, inf + found.inf)
                    if found.nan + found.inf > 0 { bad.insert(tensor) }
                }
                if nan + inf > 0 {
                    // Marks say where one was made; values also say where it went.
                    let isFirst =
                        !hasMarks && (!read.contains(where: bad.contains) || node.outputs == read)
                    forward.append(
                        Spot(
                            event: event.index, node: node.id, isNaN: nan > 0, isFirst: isFirst,
                            count: nan + inf))
                }
            case .backwardNode(let e):
                let (nan, inf) = Self.faults(e.gradIn)
                if nan + inf == 0 { continue }
                let (nanOut, infOut) = Self.faults(e.gradOut)
                backward.append(
                    Spot(
                        event: event.index, node: e.node, isNaN: nan > 0,
                        isFirst: !hasMarks && nanOut + infOut == 0, count: nan + inf, run: e.run))
            case .accumulate(let e):
                let (nan, inf) = ShownValue.faults(e.incoming)
                if nan + inf > 0, spoiled.insert(e.tensor).inserted { leaves.append(e.tensor) }
            default: break
            }
        }
    }

    private static func faults(_ values: [TraceValue]) -> (nan: Int, inf: Int) {
        values.map(ShownValue.faults).reduce((0, 0)) { ($0.0 + $1.nan, $0.1 + $1.inf) }
    }
}
