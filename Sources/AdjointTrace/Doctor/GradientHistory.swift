import AdjointCore

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
        for event in document.events {
            switch event.body {
            case .accumulate(let e):
                if steps[e.tensor]?.contains(where: { if case .added = $0 { true } else { false } })
                    != true
                {
                    leaves.append(e.tensor)
                }
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

    /// `before + incoming` in the arithmetic of `dtype`; nil where the values are not all known.
    static func sum(_ before: TraceValue, _ incoming: TraceValue, _ dtype: String) -> [Double]? {
        guard let a = before.elements, let b = incoming.elements, a.count == b.count else {
            return nil
        }
        return zip(a, b).map { x, y in
            switch dtype {
            case "float64", "double": x + y
            default: Double(Float(x) + Float(y))
            }
        }
    }

    /// True where `found` is what a sum of `dtype` may be: to the bit for float32 and float64, and
    /// to a rounding for the half types.
    static func agrees(_ found: Double, _ wanted: Double, _ dtype: String) -> Bool {
        if found.isNaN || wanted.isNaN { return found.isNaN && wanted.isNaN }
        switch dtype {
        case "float64", "double": return found == wanted
        case "float32", "float": return Float(found) == Float(wanted)
        default: return (found - wanted).magnitude <= 0.01 * max(found.magnitude, wanted.magnitude)
        }
    }
}
