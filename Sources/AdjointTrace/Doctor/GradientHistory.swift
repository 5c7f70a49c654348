/// What happened to the gradient of each leaf, in order.
struct GradientHistory {
    /// One thing that happened.
    enum Step {
        case added(TraceEvent.Accumulate, event: Int)
        case emptied(event: Int, source: TraceSource?)
        /// The parameter was changed: by an optimiser or, with that name, in place.
        case used(event: Int, name: String, source: TraceSource?)

        var event: Int {
            switch self {
            case .added(_, let event), .emptied(let event, _), .used(let event, _, _): event
            }
        }
    }

    private(set) var steps: [Int: [Step]] = [:]
    /// Leaves in the order of their first gradient.
    private(set) var leaves: [Int] = []
    private(set) var hasOptimizer = false

    init(_ document: TraceDocument) {
        var known: Set<Int> = []
        for event in document.events {
            switch event.body {
            case .accumulate(let e):
                if known.insert(e.tensor).inserted { leaves.append(e.tensor) }
                steps[e.tensor, default: []].append(.added(e, event: event.index))
            case .zeroGrad(let e):
                steps[e.tensor, default: []].append(.emptied(event: event.index, source: e.src))
            case .optimStep(let e):
                hasOptimizer = true
                let name = "\(e.name ?? "optimiser").step"
                // An event without a tensor stands for all that have a gradient.
                for tensor in e.tensor.map({ [$0] }) ?? leaves {
                    steps[tensor]?.append(.used(event: event.index, name: name, source: e.src))
                }
            case .inplace(let e) where steps[e.tensor] != nil:
                let name = e.name ?? "a write"
                steps[e.tensor]!.append(.used(event: event.index, name: name, source: e.src))
            default: break
            }
        }
    }

    /// True where `after` is the sum of `before` and `incoming` up to a few roundings of `dtype`.
    static func agrees(_ after: Double, _ sum: Double, _ scale: Double, _ dtype: String) -> Bool {
        if after.isNaN || sum.isNaN { return after.isNaN && sum.isNaN }
        if after == sum { return true }
        let rounding: Double =
            switch dtype {
            case "float64", "double": 1e-12
            case "float32", "float": 1e-5
            default: 0.02
            }
        return (after - sum).magnitude <= rounding * scale
    }
}
