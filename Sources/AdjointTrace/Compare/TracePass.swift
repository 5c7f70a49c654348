/// One backward pass of a trace, as it is held against another.
struct TracePass {
    /// A gradient by the pair of the node that it comes from, and by its place among the inputs
    /// that have one.
    struct Key: Hashable {
        var pair: Int
        var place: Int
    }

    struct Found {
        var value: TraceValue
        var event: Int
    }

    /// The derivatives in the order in which they ran.
    private(set) var nodes: [(id: Int, event: Int)] = []
    /// What each leaf's gradient was at the end.
    private(set) var leaves: [Int: Found] = [:]
    private var inputs: [Int: [(value: TraceValue, event: Int)]] = [:]

    static func all(of document: TraceDocument) -> [TracePass] {
        var passes: [TracePass] = []
        var numbers: [Int: Int] = [:]
        for event in document.events {
            guard let run = event.run else { continue }
            if case .backwardBegin = event.body {
                numbers[run] = passes.count
                passes.append(TracePass())
            }
            guard let number = numbers[run] else { continue }
            switch event.body {
            case .backwardNode(let e):
                passes[number].nodes.append((e.node, event.index))
                // Inputs that no gradient flows to are told in different ways, and left out.
                passes[number].inputs[e.node] = e.gradIn.compactMap { value in
                    if case .none = value { nil } else { (value, event.index) }
                }
            case .accumulate(let e):
                passes[number].leaves[e.tensor] = Found(value: e.after, event: event.index)
            default: break
            }
        }
        return passes
    }

    /// The gradients of all inputs, their nodes named by `number`.
    func gradients(_ number: (Int) -> Int?) -> [Key: Found] {
        var found: [Key: Found] = [:]
        for (node, values) in inputs {
            guard let pair = number(node) else { continue }
            for (place, value) in values.enumerated() {
                found[Key(pair: pair, place: place)] = Found(value: value.value, event: value.event)
            }
        }
        return found
    }
}
